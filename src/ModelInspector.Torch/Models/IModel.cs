using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>A network one can read and run. Weights are frozen and never change.</summary>
public interface IModel : IDisposable
{
    /// <summary>What it looks like, as data.</summary>
    ModelGraph Graph { get; }

    /// <summary>Runs the network once. The outputs belong to the caller (and to its dispose scope).</summary>
    /// <param name="inputs">One tensor for each input of the graph; a single image batch converts implicitly.</param>
    /// <param name="tap">Sees every layer of this run, and may replace what it gives. Without one, layers may be run together, which changes results by rounding; see <see cref="Taps.Everything"/>.</param>
    /// <exception cref="InputException">An input is missing or has a shape the network refuses.</exception>
    Outputs Run(Inputs inputs, Tap? tap = null);
}

/// <summary>A network through whose <see cref="IModel.Run"/> gradients flow.</summary>
public interface IDifferentiableModel : IModel;

/// <summary>A network that can be run in two parts.</summary>
public interface ISplittableModel : IModel
{
    /// <summary>Runs up to and including a layer and keeps every value that crosses the cut, not only the layer's output.</summary>
    Prefix RunTo(string layer, Inputs inputs);

    /// <summary>Runs the rest with <paramref name="value"/> in place of the layer's output.</summary>
    /// <param name="prefix">What <see cref="RunTo"/> kept; it may be used again.</param>
    /// <param name="value">The layer's new output; its batch may be a multiple of the prefix's, which is then repeated to match.</param>
    /// <param name="tap">Sees the layers after the cut.</param>
    Outputs RunFrom(Prefix prefix, Tensor value, Tap? tap = null);
}

/// <summary>A network of which copies with other weights can be made.</summary>
public interface IReweightableModel : IDifferentiableModel
{
    /// <summary>A copy that runs with some weights replaced. It shares everything else with this network, which must outlive it and stays as it is.</summary>
    /// <param name="replace">
    /// Given a layer and one of the stored tensors that it reads, the tensor to use instead (same shape; the copy owns it), or null to keep it.
    /// Asked once for each tensor, with the first layer that reads it.
    /// </param>
    IReweightableModel Reweighted(Func<Layer, Tensor, Tensor?> replace);
}
