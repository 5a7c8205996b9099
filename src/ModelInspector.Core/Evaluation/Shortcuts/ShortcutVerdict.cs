using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>Whether a model takes a shortcut: from evidence to one of four states, with every test that was made.</summary>
/// <param name="Alpha">Chance of any false alarm among all tests together.</param>
/// <param name="LeastEffect">Smaller effects are not called found, however certain they are.</param>
/// <param name="LargestMissed">If even an effect of this size might have been missed, the verdict is "cannot tell" instead of "none found".</param>
/// <param name="Resamples">Draws of the bootstrap intervals.</param>
/// <remarks>
/// Tests: each suspected region (exact permutation of region and controls within each unit; both when it is replaced and when it is taken from other images), each map's share outside the masks (exact sign test), each
/// metadata column (permutation); Holm's correction over all of them. States, in this order: no masks → cannot tell; a region found → shortcut found; a failed
/// check → cannot tell; attribution outside or accuracy by column found → suspicious; an obstacle, or too few units → cannot tell; else none found.
/// Misleads: a mask that is too small makes honest context look like a shortcut; a shortcut inside the mask is not seen; neither is one that no map points at.
/// Details: docs/methods/verdict.md.
/// </remarks>
[Method("shortcut-verdict", "Holm 1979 (correction); Fisher 1935 (permutation and sign tests); DeGrave et al., Nature Machine Intelligence 2021 (the question)", Summary = "Whether decisions rest on something outside the masks, with effect, control and harm.")]
public sealed record ShortcutVerdict(
    [Range(0.0001, 0.5)][Description("Chance of any false alarm among all tests together.")] double Alpha = 0.05,
    [Range(0.0, 1.0)][Description("Smaller effects are not called found, however certain.")] double LeastEffect = 0.05,
    [Range(0.0, 1.0)][Description("If an effect of this size might have been missed, the verdict is \"cannot tell\".")] double LargestMissed = 0.2,
    [Range(100, 1_000_000)][Description("Draws of the bootstrap intervals.")] int Resamples = 2000)
{
    /// <summary>The fewest units from which "none found" is said when no region stood out and so none was replaced.</summary>
    private const int LeastUnits = 20;

    /// <summary>Judges the evidence.</summary>
    /// <exception cref="ArgumentException">An array has not one value a sample.</exception>
    public Verdict Judge(ShortcutEvidence evidence, Job job)
    {
        Check(evidence);
        var court = new Court(this, evidence, job);
        var tests = court.Tests();
        var smallest = court.SmallestEffect(tests.Length);
        var state = State(evidence, court, tests, smallest);
        var words = new VerdictSentences(this, evidence, court, tests, smallest);
        return new(words.Title(state), From(evidence, job), state, words.All(state), [.. tests.Select(test => test.Test)], court.Harm()) { SmallestEffect = smallest, Checks = evidence.Checks };
    }

    private VerdictState State(ShortcutEvidence evidence, Court court, ImmutableArray<Tested> tests, double? smallest)
    {
        if (evidence.Masked == 0) return VerdictState.CannotTell;
        if (tests.Any(test => test is { Kind: TestKind.Region, Test.Found: true })) return VerdictState.ShortcutFound;
        if (evidence.Checks.Any(check => check.Passed == false)) return VerdictState.CannotTell;
        if (tests.Any(test => test.Test.Found)) return VerdictState.Suspicious;
        if (evidence.Obstacle is not null) return VerdictState.CannotTell;
        var enough = evidence.Regions.IsEmpty ? !evidence.Outside.IsEmpty && court.UnitsOutside >= LeastUnits : smallest <= LargestMissed;
        return enough ? VerdictState.NoneFound : VerdictState.CannotTell;
    }

    private Provenance From(ShortcutEvidence evidence, Job job)
    {
        var entry = Catalog.Of<ShortcutVerdict>()[0];
        return new(entry.Name, entry.Describe(this).Add("units", evidence.UnitName), job.Seed, entry.Source);
    }

    private static void Check(ShortcutEvidence evidence)
    {
        var lengths = evidence.Outside.SelectMany(outside => new[] { (outside.Map, outside.Share.Length), (outside.Map, outside.Control.Length) })
            .Concat(evidence.Regions.SelectMany(region => region.Controls.Append(region.Effect).Select(values => (region.Where, values.Length))))
            .Concat(evidence.Regions.Where(region => region.Exchange is not null).SelectMany(region => region.Exchange!.Alike.Append(region.Exchange.Otherwise).Select(values => (region.Where, values.Length))))
            .Concat(evidence.Columns.Select(column => (column.Name, column.Values.Length)))
            .Append(("correct", evidence.Correct.IsEmpty ? evidence.Samples : evidence.Correct.Length));
        foreach (var (name, length) in lengths)
            if (length != evidence.Samples) throw new ArgumentException($"{name} has {length} values for {evidence.Samples} samples.", nameof(evidence));
        if (evidence.Regions.Any(region => region.Controls.IsEmpty || region.Exchange is { Alike.IsEmpty: true })) throw new ArgumentException("A region without control cannot be tested.", nameof(evidence));
    }
}

/// <summary>What kind of evidence a test looked at.</summary>
internal enum TestKind
{
    Region,
    Outside,
    Column,
}

/// <summary>A test and what it looked at.</summary>
internal sealed record Tested(TestKind Kind, VerdictTest Test, Exchanged? Exchange);

/// <summary>Share of decisions that flip when a region is taken from images decided otherwise, and from images decided alike.</summary>
internal sealed record Exchanged(Interval Otherwise, Interval Alike);
