using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>The score of a given class: one for all samples, or one a sample.</summary>
/// <param name="Classes">Class numbers, from 0.</param>
public sealed record ClassTarget(params ImmutableArray<long> Classes) : ClassChoice
{
    /// <inheritdoc/>
    public override string Name => Classes.Length == 1 ? $"score of class {Classes[0]}, before soft-max" : "score of each sample's given class, before soft-max";

    /// <inheritdoc/>
    /// <exception cref="InputException">There are neither one nor as many classes as samples, or one of them does not exist.</exception>
    public override Tensor Chosen(Tensor scores)
    {
        var (samples, classes) = (Classified(scores).shape[0], scores.shape[1]);
        if (Classes.Length != 1 && Classes.Length != samples)
            throw new InputException($"{Classes.Length} targets are given for {samples} samples. Give one class for all, or one a sample.");
        if (Classes.FirstOrDefault(target => target < 0 || target >= classes, -1) is var wrong && Classes.Contains(wrong))
            throw new InputException($"Target {wrong} is no class: the network has {classes} scores, 0 to {classes - 1}.");
        return tensor(Classes.Length == 1 ? [.. Enumerable.Repeat(Classes[0], (int)samples)] : Classes.ToArray(), device: scores.device);
    }

    /// <inheritdoc/>
    public override Target Repeated(int copies) =>
        Classes.Length == 1 ? this : new ClassTarget([.. Classes.SelectMany(chosen => Enumerable.Repeat(chosen, copies))]);
}
