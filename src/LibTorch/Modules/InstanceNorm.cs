using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>(x − mean) / √(variance + ε) over the positions of each sample and channel.</summary>
public abstract class InstanceNorm : NormBase
{
    private readonly int dimensions;

    private protected InstanceNorm(int dimensions, long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, $"InstanceNorm{dimensions}d") => this.dimensions = dimensions;

    protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, dimensions + 1, dimensions + 2);

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        if (input.Dimensions == dimensions + 2) return Normalize(input);
        using var batch = input.unsqueeze(0);
        using var normalized = Normalize(batch);
        return normalized.squeeze(0);
    }

    private Tensor Normalize(Tensor input) =>
        F.instance_norm(input, running_mean, running_var, affine ? weight : null, bias, training || !track_running_stats, momentum ?? 0, eps);
}

public sealed class InstanceNorm1d : InstanceNorm
{
    internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(1, num_features, eps, momentum, affine, track_running_stats, device, dtype) { }
}

public sealed class InstanceNorm2d : InstanceNorm
{
    internal InstanceNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(2, num_features, eps, momentum, affine, track_running_stats, device, dtype) { }
}

public sealed class InstanceNorm3d : InstanceNorm
{
    internal InstanceNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(3, num_features, eps, momentum, affine, track_running_stats, device, dtype) { }
}
