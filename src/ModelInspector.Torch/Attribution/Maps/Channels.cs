using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>What several maps share: means over a channel's positions, and the final ReLU.</summary>
internal static class Channels
{
    /// <summary>Mean over a channel's positions, kept broadcastable: (samples, channels, 1…).</summary>
    public static Tensor Mean(Tensor values) => Positions(values) is { Length: > 0 } axes ? values.mean(axes, keepdim: true) : values.alias();

    /// <summary>Sum over a channel's positions, kept broadcastable: (samples, channels, 1…).</summary>
    public static Tensor Sum(Tensor values) => Positions(values) is { Length: > 0 } axes ? values.sum(axes, keepdim: true) : values.alias();

    public static Tensor Signed(Tensor map, Sign variant) => variant == Sign.Relu ? map.relu() : map;

    private static long[] Positions(Tensor values) => [.. Enumerable.Range(2, (int)Math.Max(0, values.Dimensions - 2)).Select(axis => (long)axis)];
}
