using System.Collections.Immutable;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Evaluation.Stability;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation;

/// <summary>What every metric of the catalog gives at both ends of its range and in between, computed by hand. A metric without its three cases fails.</summary>
public sealed class MetricCases
{
    // Ends that are not 0 and 1: what the best and the worst map of these few positions have.
    private static readonly Dictionary<string, (double Low, double High)> Ends = new()
    {
        ["average-precision"] = (0.25, 1),      // one position inside, of four: its rank cannot be below the last
        ["energy-concentration"] = (0, 4),      // a quarter of the positions is inside
        ["gini-sparseness"] = (0, 0.75),        // 1 − 1/n
        ["effective-share"] = (0.25, 1),        // 1/n
        ["road"] = (-1, 1),
        ["faithfulness-correlation"] = (-1, 1),
        ["rank-correlation"] = (-1, 1),
        ["repeatability"] = (-1, 1),
    };

    // A rate of yes and no: nothing lies between for one image.
    private static readonly string[] Binary = ["increase-in-confidence"];

    private static readonly ImmutableArray<Case> All =
    [
        // Lit at 0.5 of the maximum: all outside dark, all lit, one of three lit.
        Masked("specificity", [1, 0.4f, 0, 0], 1, "threshold", "0.5"), Masked("specificity", [0.6f, 1, 1, 1], 0, "threshold", "0.5"), Masked("specificity", [1, 0.5f, 0.4f, 0], 2 / 3.0, "threshold", "0.5"),
        // The inside position; two of a mask of two, one of two.
        Masked("sensitivity", [1, 1, 0, 0], 1), Masked("sensitivity", [0, 1, 0, 0], 0), Masked("sensitivity", [1, 0.1f, 0, 0], 0.5, mask: [1, 1, 0, 0]),
        // Down to the inside position's level: nothing else, everything, one of three.
        Masked("specificity-at-sensitivity", [1, 0, 0, 0], 1), Masked("specificity-at-sensitivity", [0, 1, 1, 1], 0), Masked("specificity-at-sensitivity", [2, 3, 1, 0], 2 / 3.0),
        // Inside over all: 2/2, 0/3, 1/4; of a quarter of the positions.
        Masked("energy-inside", [2, 0, 0, 0], 1), Masked("energy-inside", [0, 1, 1, 1], 0), Masked("energy-inside", [1, 1, 1, 1], 0.25),
        Masked("energy-concentration", [2, 0, 0, 0], 4), Masked("energy-concentration", [0, 1, 1, 1], 0), Masked("energy-concentration", [1, 1, 1, 1], 1),
        // Inside against each outside: three won, none, one won and one tied.
        Masked("auroc", [3, 2, 1, 0], 1), Masked("auroc", [0, 1, 2, 3], 0), Masked("auroc", [1, 1, 2, 0], 0.5),
        // The inside position comes first, last, second.
        Masked("average-precision", [3, 2, 1, 0], 1), Masked("average-precision", [0, 1, 2, 3], 0.25), Masked("average-precision", [2, 3, 1, 0], 0.5),
        // The maximum is inside, outside, on both sides.
        Masked("pointing-game", [3, 2, 1, 0], 1), Masked("pointing-game", [0, 1, 2, 3], 0), Masked("pointing-game", [2, 2, 1, 0], 0.5),

        // One even map, one position, two of four: 1 − 2 (½ · 1.5 + ½ · 0.5)/4 and e^(ln 2)/4.
        Of("gini-sparseness", Map(2, 2, 2, 2), 0), Of("gini-sparseness", Map(0, 0, -5, 0), 0.75), Of("gini-sparseness", Map(3, 0, 0, -3), 0.5),
        Of("effective-share", Map(2, 2, 2, 2), 1), Of("effective-share", Map(0, 0, -5, 0), 0.25), Of("effective-share", Map(3, 0, 0, -3), 0.5),

        // Trapezoids of width ½ under the curve: all, nothing, (1 + 0.2)/4 + 0.2/4.
        Of("deletion", Curves([1, 1, 1], [1, 1, 1]), 1), Of("deletion", Curves([0, 0, 0], [0, 0, 0]), 0), Of("deletion", Curves([1, 0.2, 0], [0, 0.5, 1]), 0.35),
        Of("insertion", Curves([1, 1, 1], [1, 1, 1]), 1), Of("insertion", Curves([0, 0, 0], [0, 0, 0]), 0), Of("insertion", Curves([1, 0.2, 0], [0, 0.8, 1]), 0.65),
        // Half of the positions bring all of the class back with none of the information, nothing with all of it, three quarters with a quarter: (¼ · ¾ + ¾ · 1¾)/2.
        Of("softmax-information", Known([10, 10, 30], [0.1, 0.9, 0.9]), 1), Of("softmax-information", Known([10, 30, 30], [0.1, 0.1, 0.9]), 0), Of("softmax-information", Known([10, 15, 30], [0.1, 0.7, 0.9]), 0.75),
        // Right at once, only at the end, from half of the information on (½ · ½ + ½).
        Of("accuracy-information", Known([10, 10, 30], [0, 1, 1]), 1), Of("accuracy-information", Known([10, 30, 30], [0, 0, 1]), 0), Of("accuracy-information", Known([10, 20, 30], [0, 1, 1]), 0.75),
        // At ½ the lowest gone minus the highest gone: 1 − 0, 0 − 1, 0.6 − 0.6, 0.7 − 0.2.
        Of("road", Curves([1, 0, 0], [0, 1, 1]), 1), Of("road", Curves([1, 1, 0], [0, 0, 1]), -1), Of("road", Curves([1, 0.6, 0], [0, 0.6, 1]), 0), Of("road", Curves([1, 0.2, 0], [0, 0.7, 1]), 0.5),
        // (0.8 − what is left)/0.8 of 0.8, 0 and 0.6; more is no drop.
        Of("average-drop", Left(0.8), 0), Of("average-drop", Left(0), 1), Of("average-drop", Left(0.6), 0.25), Of("average-drop", Left(0.9), 0),
        Of("increase-in-confidence", Left(0.9), 1), Of("increase-in-confidence", Left(0.8), 0), Of("increase-in-confidence", Left(0.7), 0),
        // Best factor 10, none that helps, (1 · 2 + 1 · 0)/(1 + 1) = 1: (1 − 2)² + (1 − 0)² = 2 of 4.
        Of("infidelity", Effects([1, 2, 3], [10, 20, 30]), 0), Of("infidelity", Effects([1, -1], [1, 1]), 1), Of("infidelity", Effects([1, 1], [2, 0]), 0.5),
        Of("faithfulness-correlation", Effects([1, 2, 3], [10, 20, 30]), 1), Of("faithfulness-correlation", Effects([1, 2, 3], [3, 2, 1]), -1),
        Of("faithfulness-correlation", Effects([1, 2, 3], [1, 0, 1]), 0), Of("faithfulness-correlation", Effects([1, 2, 3], [1, 3, 2]), 0.5),

        // The same order, reversed, unrelated (products of ranks −1.5 … 1.5: 0.75 − 0.75 − 0.75 + 0.75), one swap of neighbours of three (1 − 6 · 2/(3 · 8)).
        Of("rank-correlation", Pair([1, 2, 3, 5], [10, 20, 30, 31]), 1), Of("rank-correlation", Pair([1, 2, 3, 5], [9, 7, 2, 1]), -1),
        Of("rank-correlation", Pair([1, 2, 3, 4], [2, 4, 1, 3]), 0), Of("rank-correlation", Pair([1, 2, 3], [1, 3, 2]), 0.5),
        // Kendall: pairs in order minus pairs that are not, of three pairs 2 − 1.
        Of("rank-correlation", Pair([1, 2, 3], [4, 5, 9]), 1, "statistic", "kendall"), Of("rank-correlation", Pair([1, 2, 3], [3, 2, 1]), -1, "statistic", "kendall"),
        Of("rank-correlation", Pair([1, 2, 3], [1, 3, 2]), 1 / 3.0, "statistic", "kendall"), Of("rank-correlation", Pair([1, 2, 3, 4], [2, 4, 1, 3]), 0, "statistic", "kendall"),
        // In windows of 1 there is no variance: 2 m₁ m₂ + 0.01² over m₁² + m₂² + 0.01², with the means 1 and 1, 1 and 0, once each.
        Of("structural-similarity", Pair([3], [7]), 1, "window", "1"),
        Of("structural-similarity", Pair([1, 0], [0, 1]), 1e-4 / (1 + 1e-4), "window", "1"),
        Of("structural-similarity", Pair([1, 1], [1, 0]), (1 + 1e-4 / (1 + 1e-4)) / 2, "window", "1"),

        // ‖change‖ / ‖(3, 4, 0)‖ = 0/5, 5/5, 2/5; the largest counts.
        Of("max-sensitivity", Versions([3, 4, 0], [3, 4, 0]), 0), Of("max-sensitivity", Versions([3, 4, 0], [0, 0, 0]), 1), Of("max-sensitivity", Versions([3, 4, 0], [3, 4, 2], [2, 4, 0]), 0.4),
        // Means of rank correlations: 1; −1; (1 − 1)/2; 0.5.
        Of("repeatability", Versions([1, 2, 3], [4, 5, 6], [4, 5, 6]), 1), Of("repeatability", Versions([1, 2, 3], [3, 2, 1]), -1),
        Of("repeatability", Versions([1, 2, 3], [4, 5, 6], [3, 2, 1]), 0), Of("repeatability", Versions([1, 2, 3], [1, 3, 2]), 0.5),
    ];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (var (index, one) in All.Index()) cases.Add(one.Name, index);
            return cases;
        }
    }

    public static TheoryData<string> Metrics => [.. Entries.Select(entry => entry.Name)];

    private static IEnumerable<CatalogEntry> Entries => Catalog.Of<object>(typeof(Catalog).Assembly)
        .Where(entry => entry.Type.GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IMetric<>)));

    [Theory, MemberData(nameof(Cases))]
    public void A_metric_gives_what_is_computed_by_hand(string name, int index)
    {
        var score = All[index].Measure(Entries.Single(entry => entry.Name == name));
        Assert.Null(score.Undefined);
        Assert.Equal(All[index].Expected, score.Value, 1e-9);
    }

    [Theory, MemberData(nameof(Metrics))]
    public void Every_metric_has_cases_at_both_ends_and_in_between(string name)
    {
        var (low, high) = Ends.GetValueOrDefault(name, (0, 1));
        var values = All.Where(one => one.Name == name).Select(one => one.Expected).ToList();
        Assert.Contains(values, value => Math.Abs(value - low) < 2e-4);
        Assert.Contains(values, value => Math.Abs(value - high) < 1e-9);
        Assert.True(values.Exists(value => value > low + 0.1 && value < high - 0.1) != Binary.Contains(name), $"{name}: what lies between");
        Assert.True(low >= 0 || values.Contains(0), $"{name}: what is unrelated");
    }

    private sealed record Case(string Name, double Expected, Func<CatalogEntry, Score> Measure);

    private static Case Of<TSubject>(string name, TSubject subject, double expected, string? setting = null, string value = "") => new(name, expected, entry =>
        entry.Create<IMetric<TSubject>>(setting is null ? [] : new Dictionary<string, string> { [setting] = value }).Measure(subject, Job.Quiet()));

    private static Case Masked(string name, float[] map, double expected, string? setting = null, string value = "", float[]? mask = null) =>
        Of(name, new MaskedMap(Map(map), Map(mask ?? [1, 0, 0, 0])), expected, setting, value);

    private static NdArray Map(params float[] values) => new([1, values.Length], values);

    private static RemovalCurves Curves(double[] removed, double[] kept) => new([0, 0.5, 1], [.. removed], [.. kept], 0);

    private static RemovalCurves Known(double[] information, double[] answers) => Curves([.. answers.Reverse()], answers) with { Information = [.. information], Right = [.. answers] };

    private static RemovalCurves Left(double weighted) => new([0, 1], [0.8, 0], [0, 0.8], weighted);

    private static RemovalEffects Effects(double[] predicted, double[] observed) => new([.. predicted], [.. observed]);

    private static MapPair Pair(float[] one, float[] other) => new(Map(one), Map(other));

    private static MapVersions Versions(float[] map, params float[][] others) => new(Map(map), [.. others.Select(other => Map(other))]);
}
