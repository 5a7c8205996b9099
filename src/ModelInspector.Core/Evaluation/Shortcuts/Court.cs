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
    public int UnitsTested => evidence.Regions.IsEmpty ? 0 : Rows(evidence.Regions[0].Effect, evidence.Regions[0].Controls).Count;

    /// <summary>Every test, corrected for their number.</summary>
    public ImmutableArray<Tested> Tests()
    {
        Raw[] raw = [.. Told([.. evidence.Regions.Select<RegionEvidence, Func<Raw>>(region => () => Region(region)),
            .. evidence.Outside.Select<OutsideEvidence, Func<Raw>>(outside => () => Outside(outside)), .. columns.Select<GroupTest, Func<Raw>>(column => () => Column(column))])];
        var corrected = Holm.Correct([.. raw.Select(test => test.PValue)]);
        return [.. raw.Select((test, i) => new Tested(test.Kind, new VerdictTest(
            test.Name, test.Effect, test.Control, test.ControlName, test.Unit, corrected[i],
            corrected[i] <= settings.Alpha && test.Excess >= settings.LeastEffect), test.Exchange))];
    }

    /// <summary>The smallest excess that the intervention would have found; null without intervention or if none would have been.</summary>
    public double? SmallestEffect(int tests)
    {
        if (evidence.Regions.IsEmpty) return null;
        var region = evidence.Regions[0];
        // A region must stand out twice. What each half misses in 10 % of cases, both together miss in 20 % at most.
        double? Of(ImmutableArray<double> effect, ImmutableArray<ImmutableArray<double>> controls) =>
            new DetectableEffect(Rows(effect, controls).Count, controls.Length, Rate(controls), settings.Alpha / tests) { Power = region.Exchange is null ? 0.8 : 0.9 }.Find(job.Seed);
        var found = Of(region.Effect, region.Controls);
        if (region.Exchange is { } exchange) found = Of(exchange.Otherwise, exchange.Alike) is { } other && found is { } one ? Math.Max(one, other) : null;
        return found is { } effect ? Math.Max(effect, settings.LeastEffect) : null;
    }

    private static double Rate(ImmutableArray<ImmutableArray<double>> controls) =>
        Math.Clamp(controls.SelectMany(control => control).Where(value => !double.IsNaN(value)).DefaultIfEmpty(0).Average(), 0, 1);

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
        var (effect, control) = Compared(region.Effect, region.Controls);
        var replaced = ExactTests.FirstIsLargest(Rows(region.Effect, region.Controls), job.Seed);
        var raw = new Raw(TestKind.Region, $"replacing {region.Where}", effect, control, region.ControlName, region.Unit, replaced);
        if (region.Exchange is not { } exchange) return raw;
        var (otherwise, alike) = Compared(exchange.Otherwise, exchange.Alike);
        // Both must hold, so the weaker of the two counts.
        return raw with { Exchange = new(otherwise, alike), PValue = Math.Max(replaced, ExactTests.FirstIsLargest(Rows(exchange.Otherwise, exchange.Alike), job.Seed)) };
    }

    private (Interval Effect, Interval Control) Compared(ImmutableArray<double> effect, ImmutableArray<ImmutableArray<double>> controls)
    {
        double[] mean = [.. Enumerable.Range(0, evidence.Samples).Select(sample => controls.Average(control => control[sample]))];
        return (Shares(draws.Mean(Tested(effect, mean))), Shares(draws.Mean(Tested([.. mean], [.. effect]))));
    }

    private Raw Outside(OutsideEvidence outside)
    {
        double[] differences = [.. outside.Share.Zip(outside.Control, (share, control) => share - control)];
        return new(TestKind.Outside, $"outside the masks, {outside.Map}", draws.Mean(Tested(outside.Share, [.. outside.Control])),
            draws.Mean(Tested(outside.Control, [.. outside.Share])), outside.ControlName, "share of the map",
            ExactTests.Sign(ByUnit([.. differences]).Values));
    }

    private Raw Column(GroupTest column) => new(
        TestKind.Column, $"errors where `{column.Column}` is `{column.Names[column.Worst]}`", Shares(draws.Mean(column.Wrong(column.Worst, evidence.Samples, others: false))),
        Shares(draws.Mean(column.Wrong(column.Worst, evidence.Samples, others: true))), "all other images", "share of decisions wrong", column.PValue(job.Seed));

    // Only where both are known.
    private static double[] Tested(ImmutableArray<double> values, double[] other) =>
        [.. values.Select((value, i) => double.IsNaN(other[i]) ? double.NaN : value)];

    /// <summary>Sums of a region and its controls, one row a unit; samples that were not tested are left out.</summary>
    private List<double[]> Rows(ImmutableArray<double> effect, ImmutableArray<ImmutableArray<double>> controls)
    {
        var rows = new SortedDictionary<int, double[]>();
        for (var sample = 0; sample < evidence.Samples; sample++)
        {
            if (double.IsNaN(effect[sample]) || controls.Any(control => double.IsNaN(control[sample]))) continue;
            if (!rows.TryGetValue(draws.UnitOf[sample], out var row)) rows[draws.UnitOf[sample]] = row = new double[controls.Length + 1];
            row[0] += effect[sample];
            for (var control = 0; control < controls.Length; control++) row[control + 1] += controls[control][sample];
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
        var interval = Shares(draws.Mean(wrong));
        return new(1 - interval.Estimate, 1 - interval.High, 1 - interval.Low, interval.Count);
    }

    /// <summary>
    /// Where every unit says the same, the bootstrap has no spread and would print a certainty that nobody has: the open end is Wilson's 95 % bound for so many units.
    /// </summary>
    private static Interval Shares(Interval interval)
    {
        const double Square = 1.959964 * 1.959964;
        if (interval.Count < 2 || interval.Low != interval.High) return interval;
        return interval.Estimate switch
        {
            0 => interval with { High = Square / (interval.Count + Square) },
            1 => interval with { Low = interval.Count / (interval.Count + Square) },
            _ => interval,
        };
    }

    private sealed record Raw(TestKind Kind, string Name, Interval Effect, Interval? Control, string ControlName, string Unit, double PValue)
    {
        public Exchanged? Exchange { get; init; }

        /// <summary>Of the effect over its control; the smaller one where there are two.</summary>
        public double Excess => Math.Min(Effect.Estimate - (Control?.Estimate ?? 0), Exchange is null ? double.PositiveInfinity : Exchange.Otherwise.Estimate - Exchange.Alike.Estimate);
    }
}
