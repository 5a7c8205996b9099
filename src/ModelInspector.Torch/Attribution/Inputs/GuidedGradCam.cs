using System.ComponentModel;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>How a map of a layer is brought to the input's positions.</summary>
public enum Enlargement
{
    /// <summary>Linear interpolation, as published.</summary>
    Linear,

    /// <summary>Every position as a block.</summary>
    Nearest,
}

/// <summary>Guided Grad-CAM: guided backpropagation times the Grad-CAM of a layer, enlarged to the input.</summary>
/// <remarks>
/// Formula: guided backpropagation · enlarged ReLU(Σ_k mean_p(g_k) A_k). Without a layer it is the network's last convolution.
/// Result: the input's shape, also where a layer is given. Cost: two forwards, two backwards. Source: Selvaraju et al., ICCV 2017, section 3.2.
/// Misleads: the detail is guided backpropagation's and shows edges; only the coarse position is the class's.
/// </remarks>
[Method("guided-grad-cam", "Selvaraju et al., Grad-CAM, ICCV 2017, section 3.2", Summary = "Guided backpropagation where Grad-CAM of a layer is high.")]
public sealed record GuidedGradCam(
    [Description("how the layer's map is brought to the input's size")] Enlargement Enlargement = Enlargement.Linear) : IAttribution, ILayerAttribution, IRate
{
    /// <inheritdoc/>
    /// <exception cref="InputException">The network has no convolution, or no ReLU.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) => Attribute(model, batch, LastConvolution(model.Graph), target, job);

    /// <inheritdoc/>
    /// <returns>A tensor of the batch's shape.</returns>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var guided = new GuidedBackprop().Attribute(model, batch, target, job);
        var map = LayerGradients.Of(model, batch, [layer], target)[0].Drawn(new GradCam(), TokenGrid.Of(model.Graph));
        return (guided * Enlarged(map, batch.shape[2..]).unsqueeze(1)).MoveToOuterDisposeScope();
    }

    private static Layer LastConvolution(ModelGraph graph) =>
        graph.Layers.LastOrDefault(layer => Convolutions.Have(layer.Op)) ?? throw new InputException(
            $"{graph.Name} has no convolution, so guided Grad-CAM has no layer to look at by itself. Name one: --layer NAME.");

    private Tensor Enlarged(Tensor map, long[] size) => Enlargement == Enlargement.Linear || map.Dimensions != size.Length + 1
        ? Resize.To(map, size)
        : nn.functional.interpolate(map.unsqueeze(1), size: size, mode: InterpolationMode.Nearest).squeeze(1);
}
