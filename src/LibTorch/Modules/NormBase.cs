using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>What batch and instance normalisation share: a scale and shift a channel, and running statistics.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;
    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _running_mean;
    [ComponentName(Name = nameof(running_var))]
    private Tensor? _running_var;
    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _num_batches_tracked;

    protected NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name) : base(name)
    {
        (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
        if (affine)
        {
            _weight = Owned(ones([num_features], dtype, device));
            _bias = Owned(zeros([num_features], dtype, device));
        }
        if (track_running_stats)
        {
            _running_mean = zeros([num_features], dtype, device).DetachFromDisposeScope();
            _running_var = ones([num_features], dtype, device).DetachFromDisposeScope();
            _num_batches_tracked = zeros(Array.Empty<long>(), ScalarType.Int64, device).DetachFromDisposeScope();
        }
        RegisterComponents();
    }

    public Parameter? bias { get => _bias; set => Assign(ref _bias, value, nameof(bias)); }
    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public Tensor? running_mean { get => _running_mean; set => Assign(ref _running_mean, value, nameof(running_mean)); }
    public Tensor? running_var { get => _running_var; set => Assign(ref _running_var, value, nameof(running_var)); }
    public Tensor? num_batches_tracked { get => _num_batches_tracked; set => Assign(ref _num_batches_tracked, value, nameof(num_batches_tracked)); }
    public long num_features { get; }
    public double eps { get; set; }

    /// <summary>The weight of the newest batch in the running statistics; null: all batches weigh the same.</summary>
    public double? momentum { get; set; }
    public bool affine { get; }
    public bool track_running_stats { get; }

    /// <exception cref="ArgumentException">The input has not the number of dimensions that the layer takes.</exception>
    protected abstract void ValidateInputDimensions(Tensor input);

    private protected void RequireDimensions(Tensor input, params int[] allowed)
    {
        if (!allowed.Contains((int)input.Dimensions))
            throw new ArgumentException($"Expected {string.Join(" or ", allowed.Select(n => $"{n}D"))} input to {GetName()}, got {input.Dimensions}D.");
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    public void reset_running_stats()
    {
        running_mean?.zero_();
        running_var?.fill_(1);
        num_batches_tracked?.zero_();
    }
}

/// <summary>(x − mean) / √(variance + ε) over all but the channel dimension; in evaluation with the running statistics.</summary>
public abstract class BatchNorm : NormBase
{
    protected BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        var batch = training || running_mean is null;
        var update = !training || track_running_stats;
        return F.batch_norm(input, update ? running_mean : null, update ? running_var : null, affine ? weight : null, bias, batch, Count(), eps);
    }

    /// <summary>Counts a training batch; the weight it gets.</summary>
    private double Count()
    {
        if (!training || num_batches_tracked is null) return momentum ?? 0;
        num_batches_tracked.add_(1);
        return momentum ?? (1.0 / num_batches_tracked.item<long>());
    }
}

/// <summary>Batch normalisation of (N, C) or (N, C, L).</summary>
public sealed class BatchNorm1d : BatchNorm
{
    internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d)) { }

    protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 2, 3);
}

/// <summary>Batch normalisation of (N, C, H, W).</summary>
public sealed class BatchNorm2d : BatchNorm
{
    internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d)) { }

    protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 4);
}

/// <summary>Batch normalisation of (N, C, D, H, W).</summary>
public sealed class BatchNorm3d : BatchNorm
{
    internal BatchNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
        : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm3d)) { }

    protected override void ValidateInputDimensions(Tensor input) => RequireDimensions(input, 5);
}
