using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>What several maps share: means over a channel's positions, and the final ReLU.</summary>
internal static class Channels
{
    /// <summary>Mean over a channel's positions, kept broadcastable: (samples, channels, 1…).</summary>
    public static Tensor Mean(Tensor values) => values.Dimensions > 2
        ? values.mean([.. Enumerable.Range(2, (int)values.Dimensions - 2).Select(axis => (long)axis)], keepdim: true) : values.alias();

    /// <param name="map">Nobody else's: it is changed in place.</param>
    /// <param name="variant">Whether what is negative becomes zero.</param>
    public static Tensor Signed(Tensor map, Sign variant) => variant == Sign.Relu ? map.relu_() : map;
}
