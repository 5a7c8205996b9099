using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>(x − mean) / √(variance + ε) over the last dimensions of each sample.</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
    {
        (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
        if (elementwise_affine) _weight = Owned(ones(normalized_shape, dtype, device));
        if (elementwise_affine && bias) _bias = Owned(zeros(normalized_shape, dtype, device));
        RegisterComponents();
    }

    public Parameter? bias { get => _bias; set => Assign(ref _bias, value, nameof(bias)); }
    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public long[] normalized_shape { get; set; }
    public double eps { get; set; }
    public bool elementwise_affine { get; set; }

    public void reset_parameters()
    {
        if (_weight is not null) nn.init.ones_(_weight);
        if (_bias is not null) nn.init.zeros_(_bias);
    }

    public override Tensor forward(Tensor tensor) => F.layer_norm(tensor, normalized_shape, _weight, _bias, eps);
}

/// <summary>(x − mean) / √(variance + ε) over groups of channels of each sample.</summary>
public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
    {
        if (num_groups < 1 || num_channels % num_groups != 0) throw new ArgumentException($"{num_channels} channels cannot be cut into {num_groups} equal groups.");
        (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
        if (affine) _weight = Owned(ones([num_channels], dtype, device));
        if (affine) _bias = Owned(zeros([num_channels], dtype, device));
        RegisterComponents();
    }

    public Parameter? bias { get => _bias; set => Assign(ref _bias, value, nameof(bias)); }
    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public long num_groups { get; set; }
    public double eps { get; set; }
    public bool affine { get; set; }

    public override Tensor forward(Tensor tensor) => F.group_norm(tensor, num_groups, _weight, _bias, eps);
}

/// <summary>x / (k + α · mean of x² over neighbouring channels)^β.</summary>
public sealed class LocalResponseNorm : ParameterLessModule<Tensor, Tensor>
{
    internal LocalResponseNorm(long size, double alpha, double beta, double k) : base(nameof(LocalResponseNorm)) =>
        (this.size, this.alpha, this.beta, this.k) = (size, alpha, beta, k);

    public long size { get; set; }
    public double alpha { get; set; }
    public double beta { get; set; }
    public double k { get; set; }

    public override Tensor forward(Tensor tensor) => F.local_response_norm(tensor, size, alpha, beta, k);
}
