using System.ComponentModel;
using ModelInspector.Attribution.Maps.Principal;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Eigen-CAM: the strongest pattern that the layer's channels share, whatever the class.</summary>
/// <remarks>
/// Formula: ReLU(A(p) · v), v the first right singular vector of the (positions × channels) activations. Result: (samples, positions…),
/// unit: activation. The sign of v is chosen so that the map agrees with the sum over channels.
/// Cost: nothing beside the activation but a Gram matrix of min(channels, positions) and its leading eigenvector, which a few products find where it stands out.
/// Source: Muhammad and Yeasin, Eigen-CAM, IJCNN 2020, eq. 2–4; <c>centred</c> takes each channel's mean off first.
/// Misleads: it never sees the class, so it shows what is prominent in the layer, not what the decision rests on; where the two largest
/// singular values are close the map is an arbitrary mixture.
/// </remarks>
[Method("eigen-cam", "Muhammad and Yeasin, Eigen-CAM, IJCNN 2020, eq. 2–4", Summary = "The layer's activations projected onto their first principal direction.")]
public sealed record EigenCam(
    [Description("keep or drop negative values")] Sign Variant = Sign.Relu,
    [Description("take each channel's mean over positions off first")] bool Centred = false) : ILayerMap
{
    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => Channels.Signed(PrincipalMap.Of(activation, Centred), Variant);
}
