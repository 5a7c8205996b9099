using System.ComponentModel;
using ModelInspector.Attribution.Maps.Principal;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Eigen-Grad-CAM: Eigen-CAM of gradient times activation, so that the class matters.</summary>
/// <remarks>
/// Formula: ReLU(X(p) · v), X = g · A, v the first right singular vector of the (positions × channels) matrix X. Result:
/// (samples, positions…), unit: score. The sign of v is chosen so that the map agrees with the sum over channels.
/// Cost: nothing beside the pair but a Gram matrix of min(channels, positions) and its leading eigenvector.
/// Source: Muhammad and Yeasin, Eigen-CAM, IJCNN 2020, eq. 2–4, applied to gradient times activation (Gildenblat's Eigen-Grad-CAM, 2021).
/// Misleads: squares in the Gram matrix let a few strong channels decide the direction, whichever way they vote.
/// </remarks>
[Method("eigen-grad-cam", "Muhammad and Yeasin, Eigen-CAM, IJCNN 2020, on gradient times activation (Gildenblat 2021)", Summary = "Gradient times activation projected onto its first principal direction.")]
public sealed record EigenGradCam(
    [Description("keep or drop negative values")] Sign Variant = Sign.Relu,
    [Description("take each channel's mean over positions off first")] bool Centred = false) : ILayerMap
{
    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => Channels.Signed(PrincipalMap.Of(gradient * activation, Centred), Variant);
}
