using System.Collections.Immutable;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>
/// Whether accuracy depends on a metadata column: the spread of the groups' accuracies against the spread when the column's values are shuffled.
/// Values that are the same for all samples of a unit are shuffled between units, others within each unit; so units that are easy or hard as a whole raise no alarm.
/// </summary>
internal sealed class GroupTest
{
    private const int LeastSamples = 5;
    private const int MostGroups = 20;

    private readonly int[] samples;   // labelled, in a group that is large enough
    private readonly int[] groups;    // of each of them
    private readonly bool[] right;    // of each of them
    private readonly int[] units;     // of each of them

    private GroupTest(SampleColumn column, string[] names, int[] samples, ShortcutEvidence evidence, ReadOnlySpan<int> unitOf)
    {
        (Column, Names, this.samples) = (column.Name, [.. names], samples);
        groups = [.. samples.Select(sample => Array.IndexOf(names, column.Values[sample]))];
        right = [.. samples.Select(sample => evidence.Correct[sample]!.Value)];
        units = new int[samples.Length];
        for (var i = 0; i < samples.Length; i++) units[i] = unitOf[samples[i]];
    }

    public string Column { get; }

    public ImmutableArray<string> Names { get; }

    /// <summary>The group with the lowest accuracy.</summary>
    public int Worst => Enumerable.Range(0, Names.Length).MinBy(Accuracy);

    /// <summary>How much less accurate the worst group is than all others together.</summary>
    public double Harm => Share(group => group != Worst) - Share(group => group == Worst);

    /// <summary>A test of a column, or null if its values make no groups to compare.</summary>
    public static GroupTest? Of(SampleColumn column, ShortcutEvidence evidence, ReadOnlySpan<int> unitOf)
    {
        if (evidence.Correct.IsEmpty) return null;
        var labelled = Enumerable.Range(0, evidence.Samples).Where(sample => evidence.Correct[sample] is not null && column.Values[sample] != "").ToList();
        var names = labelled.GroupBy(sample => column.Values[sample]).Where(group => group.Count() >= LeastSamples)
            .Select(group => group.Key).Order(StringComparer.Ordinal).ToArray();
        if (names.Length is < 2 or > MostGroups) return null;
        var test = new GroupTest(column, names, [.. labelled.Where(sample => names.Contains(column.Values[sample]))], evidence, unitOf);
        return test.HasSeveralUnitsEach() ? test : null;
    }

    /// <summary>1 where a sample of the group (or, with <paramref name="others"/>, of another one) is predicted wrongly, 0 where rightly, NaN elsewhere.</summary>
    public double[] Wrong(int group, int count, bool others)
    {
        var wrong = new double[count];
        wrong.AsSpan().Fill(double.NaN);
        for (var i = 0; i < samples.Length; i++)
            if (groups[i] == group != others) wrong[samples[i]] = right[i] ? 0 : 1;
        return wrong;
    }

    public double PValue(ulong seed)
    {
        var byUnit = Enumerable.Range(0, units.Length).GroupBy(i => units[i]).Select(unit => unit.ToArray()).ToArray();
        return byUnit.All(unit => unit.All(i => groups[i] == groups[unit[0]]))
            ? ExactTests.Drawn(Spread(groups), random => Spread(Between(byUnit, random)), seed)
            : ExactTests.Drawn(Spread(groups), random => Spread(Within(byUnit, random)), seed);
    }

    // A column that names the unit itself (a patient's number) cannot be told from the unit.
    private bool HasSeveralUnitsEach() =>
        Enumerable.Range(0, Names.Length).All(group => Enumerable.Range(0, units.Length).Where(i => groups[i] == group).Select(i => units[i]).Distinct().Skip(1).Any());

    private double Accuracy(int group) => Share(other => other == group);

    private double Share(Func<int, bool> chosen)
    {
        var (hits, count) = (0, 0);
        for (var i = 0; i < groups.Length; i++)
            if (chosen(groups[i])) (hits, count) = (hits + (right[i] ? 1 : 0), count + 1);
        return (double)hits / count;
    }

    // Σ n (accuracy of the group)²: up to a constant, the spread around the overall accuracy.
    private double Spread(int[] assigned)
    {
        Span<int> hits = stackalloc int[Names.Length];
        Span<int> counts = stackalloc int[Names.Length];
        hits.Clear();
        counts.Clear();
        for (var i = 0; i < assigned.Length; i++)
        {
            counts[assigned[i]]++;
            if (right[i]) hits[assigned[i]]++;
        }
        var spread = 0.0;
        for (var group = 0; group < hits.Length; group++) spread += counts[group] == 0 ? 0 : (double)hits[group] * hits[group] / counts[group];
        return spread;
    }

    private int[] Between(int[][] byUnit, Randomness random)
    {
        var order = random.Choose(byUnit.Length, byUnit.Length);
        var assigned = new int[groups.Length];
        for (var unit = 0; unit < byUnit.Length; unit++)
            foreach (var i in byUnit[unit]) assigned[i] = groups[byUnit[order[unit]][0]];
        return assigned;
    }

    private int[] Within(int[][] byUnit, Randomness random)
    {
        var assigned = new int[groups.Length];
        var next = 0UL;
        foreach (var unit in byUnit)
        {
            for (var i = 0; i < unit.Length; i++) assigned[unit[i]] = groups[unit[i]];
            for (var i = unit.Length - 1; i > 0; i--)
            {
                var other = random.Below(i + 1, next++);
                (assigned[unit[i]], assigned[unit[other]]) = (assigned[unit[other]], assigned[unit[i]]);
            }
        }
        return assigned;
    }
}
