using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>What is explained, fixed by the input as it is, and what it is worth there.</summary>
/// <param name="Target">The target, which no longer depends on what the network answers.</param>
/// <param name="Score">(samples).</param>
/// <param name="Axes">Axes of what the target reads: two for (samples, classes).</param>
internal sealed record Unchanged(Target Target, Tensor Score, long Axes)
{
    public static Unchanged Of(IModel model, Tensor batch, Target target)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var scores = Readout.Of(model, batch, target);
        var known = target.FixedBy(scores);
        return new(known, known.Of(scores).MoveToOuterDisposeScope(), scores.Dimensions);
    }

    /// <summary>The target alone. One forward; none for a target that asks for nothing.</summary>
    public static Target Fixed(IModel model, Tensor batch, Target target)
    {
        if (target is ClassTarget or OutputTarget or UnitTarget) return target;
        using var scope = NewDisposeScope();
        return Of(model, batch, target).Target;
    }
}
