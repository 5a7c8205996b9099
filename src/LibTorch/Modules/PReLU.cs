using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>x where positive, otherwise a learned slope · x: one slope for all channels or one a channel.</summary>
public sealed class PReLU : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype) : base(nameof(PReLU))
    {
        (this.num_parameters, this.init) = (num_parameters, init);
        _weight = Owned(full([num_parameters], init, dtype, device));
        RegisterComponents();
    }

    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public long num_parameters { get; }
    public double init { get; }

    public override Tensor forward(Tensor tensor) => F.prelu(tensor, weight);
}
