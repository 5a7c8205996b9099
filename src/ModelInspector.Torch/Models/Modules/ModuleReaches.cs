using ModelInspector.Models.Costs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>What TorchSharp's modules do to positions, and what they cost. One that is not named here may read everything.</summary>
internal static class ModuleReaches
{
    private static readonly HashSet<string> Pointwise =
    [
        "AlphaDropout", "CELU", "Dropout", "Dropout2d", "ELU", "GELU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "Identity", "LeakyReLU", "LogSigmoid",
        "Mish", "PReLU", "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold",
    ];

    private static readonly HashSet<string> Moving = ["ConstantPad1d", "ConstantPad2d", "Flatten", "PixelShuffle", "PixelUnshuffle", "ReflectionPad2d", "ReplicationPad2d", "Unflatten", "ZeroPad2d"];

    /// <summary>What a module's step tells.</summary>
    public static Telling Of(nn.Module<Tensor, Tensor> module) => module switch
    {
        Convolution convolution => (inputs, output) => Sliding(convolution, (Tensor)inputs[0]!, output),
        Linear linear => (_, output) => new Reach.Pointwise((int)output.Dimensions - 1) { MultiplyAdds = Products.OfMatrices(linear.weight.shape[^1], output) },
        MaxPool2d pool => (_, _) => Window(pool.kernel_size, pool.stride, pool.padding, pool.dilation),
        AvgPool2d pool => (_, _) => Window(pool.kernel_size, pool.stride, pool.padding, null),
        AdaptiveAvgPool2d => (_, output) => new AdaptiveReach(2, output.shape),
        BatchNorm1d or BatchNorm2d or BatchNorm3d => (_, output) => new Reach.Pointwise { MultiplyAdds = output.numel() },
        LayerNorm norm => (_, output) => Last(norm.normalized_shape.Length, output),
        _ when IsNamed(module, Pointwise) => (_, _) => new Reach.Pointwise(),
        _ when IsNamed(module, Moving) => (_, _) => new MovingReach(),
        _ => (_, _) => null,
    };

    // A user's own class may have the same name and do anything.
    private static bool IsNamed(nn.Module module, HashSet<string> names) => module.GetType().Assembly == typeof(torch).Assembly && names.Contains(module.GetType().Name);

    private static SlidingReach Sliding(Convolution module, Tensor input, Tensor output)
    {
        var kernel = module.kernel_size;
        long[] begin = module.padding ?? [.. kernel.Select((size, axis) => module.padding_type == Padding.Same ? (size - 1) * module.dilation[axis] / 2 : 0)];
        return new(kernel, module.stride, begin, module.dilation)
        {
            Transposed = module.transposed,
            MultiplyAdds = module.transposed ? Products.OfTransposed(input, module.weight) : Products.OfConvolution(module.weight, output),
        };
    }

    private static SlidingReach Window(long[] kernel, long[]? stride, long[]? padding, long[]? dilation) =>
        new(kernel, stride ?? kernel, padding ?? new long[kernel.Length], dilation ?? [.. kernel.Select(_ => 1L)]);

    private static Reach.Pointwise Last(int count, Tensor output) =>
        new([.. Enumerable.Range((int)output.Dimensions - count, count)]) { MultiplyAdds = output.numel() };
}
