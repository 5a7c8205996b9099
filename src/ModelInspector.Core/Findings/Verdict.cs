using System.Collections.Immutable;
using ModelInspector.Evaluation;

namespace ModelInspector.Findings;

/// <summary>The four things that can honestly be said about shortcuts.</summary>
public enum VerdictState
{
    /// <summary>■ An intervention on a region outside the mask changes decisions more than its control does.</summary>
    ShortcutFound,

    /// <summary>▲ Attribution points outside the mask, or accuracy depends on a metadata column, but no intervention confirms it.</summary>
    Suspicious,

    /// <summary>● None of the tests found one; the smallest effect they could have seen is stated.</summary>
    NoneFound,

    /// <summary>? Too few samples, no masks, methods disagree, or a sanity check failed.</summary>
    CannotTell,
}

/// <summary>The first thing a reader sees.</summary>
/// <param name="Title">The verdict in one sentence.</param>
/// <param name="From">How it was found.</param>
/// <param name="State">One of four.</param>
/// <param name="Sentences">What the verdict rests on, one fact a sentence, the strongest first.</param>
/// <param name="Tests">Every test that was made, also those that found nothing.</param>
/// <param name="Harm">Accuracy by group of the column where the worst group suffers most, worst first; empty without labels.</param>
public sealed record Verdict(
    string Title,
    Provenance From,
    VerdictState State,
    ImmutableArray<string> Sentences,
    ImmutableArray<VerdictTest> Tests,
    ImmutableArray<GroupAccuracy> Harm) : Finding(Title, From)
{
    /// <summary>Smallest effect that the intervention test could have seen with this many samples, in its unit; null when not tested.</summary>
    public double? SmallestEffect { get; init; }

    /// <summary>Where attribution lies, averaged over samples, as a map over the input; null when not computed.</summary>
    public ArrayFile? MeanMap { get; init; }

    /// <summary>The mean input, as a map of the same size, to lay the mean map over.</summary>
    public ArrayFile? MeanInput { get; init; }

    /// <summary>The rectangle around what was replaced, as a 0/1 map over the input: of the region that the title speaks of, else of the first that was tested; null when none was.</summary>
    public ArrayFile? Region { get; init; }

    /// <summary>What was checked before trusting the verdict: sanity checks, agreement of methods, numbers of samples.</summary>
    public ImmutableArray<TrustCheck> Checks { get; init; } = [];
}

/// <summary>One reason to trust a verdict, or not to.</summary>
/// <param name="Name">Two or three words: "sanity check", "agreement of methods".</param>
/// <param name="Passed">Whether it holds; null when it was not made.</param>
/// <param name="Sentence">The result with its numbers: "Maps change when weights are randomised (rank correlation 0.08)."</param>
public sealed record TrustCheck(string Name, bool? Passed, string Sentence);

/// <summary>One statistical test behind a verdict.</summary>
/// <param name="Name">What was tested: "replacing the suspected region flips decisions".</param>
/// <param name="Effect">Estimate with interval.</param>
/// <param name="Control">The same quantity for the control: "an equally large random region".</param>
/// <param name="ControlName">What the control is.</param>
/// <param name="Unit">Unit of effect and control: "share of decisions flipped".</param>
/// <param name="PValue">Corrected for the number of tests (Holm).</param>
/// <param name="Found">Whether it counts as evidence.</param>
public sealed record VerdictTest(string Name, Interval Effect, Interval? Control, string ControlName, string Unit, double PValue, bool Found);

/// <summary>Accuracy of one group of samples.</summary>
/// <param name="Column">The metadata column: "marker".</param>
/// <param name="Value">The group: "absent".</param>
/// <param name="Accuracy">Share of right predictions, with interval.</param>
public sealed record GroupAccuracy(string Column, string Value, Interval Accuracy);
