using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>Attributes a score to the input's voxels. Implementations are sealed records of their parameters.</summary>
public interface IAttribution
{
    /// <summary>Raw, signed attribution in units of the score.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <returns>A tensor of the batch's shape.</returns>
    Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job);
}

/// <summary>A map over a layer's positions: a formula on (activation, gradient), nothing else. Implementations are sealed records of their parameters.</summary>
public interface ILayerMap
{
    /// <summary>The map, at the layer's own resolution, raw, in units of the score where the formula has them.</summary>
    /// <param name="activation">(samples, channels, rows, columns), (samples, channels, slices, rows, columns) or (samples, channels, positions).</param>
    /// <param name="gradient">∂ score / ∂ activation, same shape.</param>
    /// <returns>(samples, positions…): summed over channels.</returns>
    Tensor Map(Tensor activation, Tensor gradient);

    /// <summary>Whether the map has the layer's own shape, channels and all, instead of being summed over them.</summary>
    bool KeepsChannels => false;
}

/// <summary>Attributes a score to a layer by running the network, not by a formula on one gradient. Implementations are sealed records of their parameters; one may be an <see cref="IAttribution"/> too.</summary>
public interface ILayerAttribution
{
    /// <summary>Raw, signed attribution in units of the score.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="layer">Where to look.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <returns>Of the layer's own shape, or (samples, positions…) where the method sums over channels.</returns>
    Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job);

    /// <summary>Why the method cannot look at a layer of a network, whatever the input; null if it can.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="layer">Where to look.</param>
    string? Unfit(ModelGraph graph, Layer layer) => null;
}
