using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>Resamples to a size or by a factor.</summary>
public sealed class Upsample : ParameterLessModule<Tensor, Tensor>
{
    private readonly long[]? _size;
    private readonly double[]? _scale_factor;

    internal Upsample(long[]? size, double[]? scale_factor, UpsampleMode mode, bool? align_corners, bool? recompute_scale_factor) : base(nameof(Upsample))
    {
        (_size, _scale_factor) = (size, scale_factor);
        (this.mode, this.align_corners, this.recompute_scale_factor) = (mode, align_corners, recompute_scale_factor);
    }

    public bool? recompute_scale_factor { get; set; }
    public UpsampleMode mode { get; }
    public bool? align_corners { get; }
    public ReadOnlySpan<long> size => _size;
    public ReadOnlySpan<double> scale_factor => _scale_factor;

    public override Tensor forward(Tensor input) =>
        F.interpolate(input, Repeated(_size, input), Repeated(_scale_factor, input), (InterpolationMode)(int)mode, align_corners, recompute_scale_factor ?? false);

    /// <summary>One number stands for all dimensions.</summary>
    private static T[]? Repeated<T>(T[]? numbers, Tensor input) =>
        numbers is { Length: 1 } ? [.. Enumerable.Repeat(numbers[0], (int)input.Dimensions - 2)] : numbers;
}
