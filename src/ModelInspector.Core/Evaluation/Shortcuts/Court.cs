using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>Makes the tests of one verdict.</summary>
internal sealed class Court
{
    private readonly ShortcutVerdict settings;
    private readonly ShortcutEvidence evidence;
    private readonly Job job;
    private readonly BootstrapDraws draws;
    private readonly ImmutableArray<GroupTest> columns;

    public Court(ShortcutVerdict settings, ShortcutEvidence evidence, Job job)
    {
        (this.settings, this.evidence, this.job) = (settings, evidence, job);
        draws = new Bootstrap(settings.Resamples).Over(evidence.Units, evidence.Samples, job.Seed);
        columns = [.. evidence.Columns.Select(column => GroupTest.Of(column, evidence, draws.UnitOf)).OfType<GroupTest>()];
    }

    /// <summary>Fewest units of which attribution is known, over all maps.</summary>
    public int UnitsOutside => evidence.Outside.IsEmpty ? 0 : evidence.Outside.Min(outside => ByUnit(outside.Share).Count);

    /// <summary>Units in which the first region was replaced.</summary>
    public int UnitsTested => evidence.Regions.IsEmpty ? 0 : Rows(evidence.Regions[0]).Count;

    /// <summary>Every test, corrected for their number.</summary>
    public ImmutableArray<Tested> Tests()
    {
        Raw[] raw = [.. Told([.. evidence.Regions.Select<RegionEvidence, Func<Raw>>(region => () => Region(region)),
            .. evidence.Outside.Select<OutsideEvidence, Func<Raw>>(outside => () => Outside(outside)), .. columns.Select<GroupTest, Func<Raw>>(column => () => Column(column))])];
        var corrected = Holm.Correct([.. raw.Select(test => test.PValue)]);
        return [.. raw.Select((test, i) => new Tested(test.Kind, new VerdictTest(
            test.Name, test.Effect, test.Control, test.ControlName, test.Unit, corrected[i],
            corrected[i] <= settings.Alpha && test.Effect.Estimate - (test.Control?.Estimate ?? 0) >= settings.LeastEffect)))];
    }

    /// <summary>The smallest excess that the intervention would have found; null without intervention or if none would have been.</summary>
    public double? SmallestEffect(int tests)
    {
        if (evidence.Regions.IsEmpty) return null;
        var region = evidence.Regions[0];
        var rate = region.Controls.SelectMany(control => control).Where(value => !double.IsNaN(value)).DefaultIfEmpty(0).Average();
        var found = new DetectableEffect(UnitsTested, region.Controls.Length, Math.Clamp(rate, 0, 1), settings.Alpha / tests).Find(job.Seed);
        return found is { } effect ? Math.Max(effect, settings.LeastEffect) : null;
    }

    /// <summary>Accuracy by group of the column where the worst group suffers most.</summary>
    public ImmutableArray<GroupAccuracy> Harm()
    {
        if (columns.MaxBy(column => column.Harm) is not { } worst) return [];
        return [.. Enumerable.Range(0, worst.Names.Length)
            .Select(group => new GroupAccuracy(worst.Column, worst.Names[group], Right(worst.Wrong(group, evidence.Samples, others: false))))
            .OrderBy(group => group.Accuracy.Estimate)];
    }

    private IEnumerable<Raw> Told(Func<Raw>[] tests)
    {
        for (var done = 0; done < tests.Length; done++)
        {
            job.Report("verdict", done, tests.Length);
            yield return tests[done]();
        }
        job.Report("verdict", tests.Length, tests.Length);
    }

    private Raw Region(RegionEvidence region)
    {
        var mean = Enumerable.Range(0, evidence.Samples).Select(sample => region.Controls.Average(control => control[sample])).ToArray();
        return new(TestKind.Region, $"replacing {region.Where}", draws.Mean(Tested(region.Effect, mean)), draws.Mean(Tested([.. mean], [.. region.Effect])),
            region.ControlName, region.Unit, ExactTests.FirstIsLargest(Rows(region), job.Seed));
    }

    private Raw Outside(OutsideEvidence outside)
    {
        double[] differences = [.. outside.Share.Zip(outside.Control, (share, control) => share - control)];
        return new(TestKind.Outside, $"attribution of {outside.Map} outside the masks", draws.Mean(Tested(outside.Share, [.. outside.Control])),
            draws.Mean(Tested(outside.Control, [.. outside.Share])), outside.ControlName, "share of the map outside the mask",
            ExactTests.Sign(ByUnit([.. differences]).Values));
    }

    private Raw Column(GroupTest column) => new(
        TestKind.Column, $"accuracy where `{column.Column}` is `{column.Names[column.Worst]}`", draws.Mean(column.Wrong(column.Worst, evidence.Samples, others: false)),
        draws.Mean(column.Wrong(column.Worst, evidence.Samples, others: true)), "all other images", "share of wrong decisions", column.PValue(job.Seed));

    // Only where both are known.
    private static double[] Tested(ImmutableArray<double> values, double[] other) =>
        [.. values.Select((value, i) => double.IsNaN(other[i]) ? double.NaN : value)];

    /// <summary>Sums of a region and its controls, one row a unit; samples that were not tested are left out.</summary>
    private List<double[]> Rows(RegionEvidence region)
    {
        var rows = new SortedDictionary<int, double[]>();
        for (var sample = 0; sample < evidence.Samples; sample++)
        {
            if (double.IsNaN(region.Effect[sample]) || region.Controls.Any(control => double.IsNaN(control[sample]))) continue;
            if (!rows.TryGetValue(draws.UnitOf[sample], out var row)) rows[draws.UnitOf[sample]] = row = new double[region.Controls.Length + 1];
            row[0] += region.Effect[sample];
            for (var control = 0; control < region.Controls.Length; control++) row[control + 1] += region.Controls[control][sample];
        }
        return [.. rows.Values];
    }

    /// <summary>Means of a value, one a unit.</summary>
    private SortedDictionary<int, double> ByUnit(ImmutableArray<double> values)
    {
        var means = new SortedDictionary<int, double>();
        foreach (var unit in Enumerable.Range(0, values.Length).Where(sample => !double.IsNaN(values[sample])).GroupBy(sample => draws.UnitOf[sample]))
            means[unit.Key] = unit.Average(sample => values[sample]);
        return means;
    }

    private Interval Right(double[] wrong)
    {
        var interval = draws.Mean(wrong);
        return new(1 - interval.Estimate, 1 - interval.High, 1 - interval.Low, interval.Count);
    }

    private sealed record Raw(TestKind Kind, string Name, Interval Effect, Interval? Control, string ControlName, string Unit, double PValue);
}
