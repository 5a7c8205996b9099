using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>What is explained: one number a sample, made of what the network gives at one place.</summary>
/// <remarks>The place is the scores of the first output, before soft-max, unless a target names another one; <see cref="Readout"/> finds it.</remarks>
public abstract record Target
{
    /// <summary>One number a sample.</summary>
    /// <param name="scores">(samples, classes), before soft-max; or what <see cref="ReadsLayer"/> or <see cref="ReadsOutput"/> names, as it is.</param>
    /// <returns>(samples).</returns>
    public abstract Tensor Of(Tensor scores);

    /// <summary>What it is, for legends: "score of the predicted class, before soft-max".</summary>
    public abstract string Name { get; }

    /// <summary>The layer whose output is read in place of the scores; null for none.</summary>
    public virtual string? ReadsLayer => null;

    /// <summary>The output that is read as it is in place of the scores, empty for the first one; null for the scores.</summary>
    public virtual string? ReadsOutput => null;

    /// <summary>The same target where it no longer depends on what the network answers: what to explain when the input is changed on purpose.</summary>
    /// <param name="scores">(samples, classes) of the unchanged input.</param>
    public virtual Target FixedBy(Tensor scores) => this;

    /// <summary>The target of each copy when every sample is repeated that many times in a row.</summary>
    public virtual Target Repeated(int copies) => this;
}
