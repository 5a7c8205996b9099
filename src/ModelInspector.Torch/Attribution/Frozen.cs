using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>Settles what is explained before the input is changed on purpose.</summary>
internal static class Frozen
{
    /// <summary>The target fixed by what the network answers to the input as it is. One forward; none for a target that asks for nothing.</summary>
    public static Target Target(IModel model, Tensor batch, Target target)
    {
        if (target is ClassTarget or OutputTarget or UnitTarget) return target;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return target.FixedBy(Readout.Of(model, batch, target));
    }
}
