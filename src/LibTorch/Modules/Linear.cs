using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>x·Wᵀ + b, with W of (out, in).</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
    {
        (in_features, out_features) = (inputSize, outputSize);
        _weight = Owned(empty([outputSize, inputSize], dtype, device));
        nn.init.kaiming_uniform_(_weight, Math.Sqrt(5));
        if (hasBias) _bias = UniformBias(outputSize, inputSize, dtype, device);
        RegisterComponents();
    }

    internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
    {
        (out_features, in_features) = (weight.shape[0], weight.shape[1]);
        _weight = (Parameter)weight.DetachFromDisposeScope();
        _bias = (Parameter?)bias?.DetachFromDisposeScope();
        RegisterComponents();
    }

    public Parameter? bias { get => _bias; set => Assign(ref _bias, value, nameof(bias)); }
    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public long in_features { get; set; }
    public long out_features { get; set; }

    private static Parameter UniformBias(long size, long fanIn, ScalarType? dtype, Device? device)
    {
        var bias = Owned(empty([size], dtype, device));
        var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        nn.init.uniform_(bias, -bound, bound);
        return bias;
    }

    public override Tensor forward(Tensor tensor) => F.linear(tensor, weight, bias);
}

/// <summary>x₁·W·x₂ + b for each output, with W of (out, in1, in2).</summary>
public sealed class Bilinear : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;
    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal Bilinear(long in1_features, long in2_features, long out_features, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Bilinear))
    {
        (this.in1_features, this.in2_features, this.out_features) = (in1_features, in2_features, out_features);
        var bound = 1 / Math.Sqrt(in1_features);
        _weight = Owned(empty([out_features, in1_features, in2_features], dtype, device));
        nn.init.uniform_(_weight, -bound, bound);
        if (hasBias) nn.init.uniform_(_bias = Owned(empty([out_features], dtype, device)), -bound, bound);
        RegisterComponents();
    }

    public Parameter? bias { get => _bias; set => Assign(ref _bias, value, nameof(bias)); }
    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public long in1_features { get; set; }
    public long in2_features { get; set; }
    public long out_features { get; set; }

    public override Tensor forward(Tensor input1, Tensor input2) => F.bilinear(input1, input2, weight, bias);
}
