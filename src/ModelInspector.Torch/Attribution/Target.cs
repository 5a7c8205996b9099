using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>What is explained: one number a sample, made of the network's scores.</summary>
public abstract record Target
{
    /// <summary>One number a sample.</summary>
    /// <param name="scores">(samples, classes), before soft-max.</param>
    /// <returns>(samples).</returns>
    public abstract Tensor Of(Tensor scores);

    /// <summary>What it is, for legends: "score of the predicted class, before soft-max".</summary>
    public abstract string Name { get; }

    /// <summary>The same target where it no longer depends on what the network answers: what to explain when the input is changed on purpose.</summary>
    /// <param name="scores">(samples, classes) of the unchanged input.</param>
    public virtual Target FixedBy(Tensor scores) => this;

    /// <summary>The target of each copy when every sample is repeated that many times in a row.</summary>
    public virtual Target Repeated(int copies) => this;
}

/// <summary>The score of a given class: one for all samples, or one a sample.</summary>
/// <param name="Classes">Class numbers, from 0.</param>
public sealed record ClassTarget(params ImmutableArray<long> Classes) : Target
{
    /// <inheritdoc/>
    public override string Name => Classes.Length == 1 ? $"score of class {Classes[0]}, before soft-max" : "score of each sample's given class, before soft-max";

    /// <inheritdoc/>
    public override Tensor Of(Tensor scores) => Pick.Class(scores, Chosen(scores));

    /// <inheritdoc/>
    public override Target Repeated(int copies) =>
        Classes.Length == 1 ? this : new ClassTarget([.. Classes.SelectMany(chosen => Enumerable.Repeat(chosen, copies))]);

    private Tensor Chosen(Tensor scores)
    {
        var (samples, classes) = (scores.shape[0], scores.shape[1]);
        if (Classes.Length != 1 && Classes.Length != samples)
            throw new InputException($"{Classes.Length} targets are given for {samples} samples. Give one class for all, or one a sample.");
        if (Classes.FirstOrDefault(target => target < 0 || target >= classes, -1) is var wrong && Classes.Contains(wrong))
            throw new InputException($"Target {wrong} is no class: the network has {classes} scores, 0 to {classes - 1}.");
        return tensor(Classes.Length == 1 ? [.. Enumerable.Repeat(Classes[0], (int)samples)] : Classes.ToArray(), device: scores.device);
    }
}

/// <summary>The score of the class that the network itself predicts.</summary>
public sealed record PredictedClass : Target
{
    /// <inheritdoc/>
    public override string Name => "score of the predicted class, before soft-max";

    /// <inheritdoc/>
    public override Tensor Of(Tensor scores) => Pick.Class(scores, scores.detach().argmax(1));

    /// <inheritdoc/>
    public override Target FixedBy(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return new ClassTarget([.. scores.detach().argmax(1).cpu().data<long>()]);
    }
}

internal static class Pick
{
    public static Tensor Class(Tensor scores, Tensor classes)
    {
        if (scores.Dimensions != 2)
            throw new InputException($"The network's first output has shape ({string.Join(", ", scores.shape)}). Expected (samples, classes) for a class target.");
        return scores.gather(1, classes.unsqueeze(1)).squeeze(1);
    }
}
