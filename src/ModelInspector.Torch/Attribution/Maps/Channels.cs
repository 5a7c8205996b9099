using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>What several maps share: the final ReLU.</summary>
internal static class Channels
{
    public static Tensor Signed(Tensor map, Sign variant) => variant == Sign.Relu ? map.relu() : map;
}
