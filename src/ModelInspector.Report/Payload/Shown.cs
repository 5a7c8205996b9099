using System.Collections.Immutable;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Report.Payload;

/// <summary>
/// Which samples a page shows: all, or a sample drawn with the run's seed that keeps the share of every class and every sample that has a map, a place on a unit card or a picture of its own.
/// </summary>
internal sealed class Shown
{
    private readonly int[]? _chosen;
    private readonly Dictionary<int, int> _place = [];

    private Shown(int total, int[]? chosen)
    {
        (Total, _chosen) = (total, chosen);
        for (var i = 0; i < (chosen?.Length ?? 0); i++) _place[chosen![i]] = i;
    }

    /// <summary>Samples of the run.</summary>
    public int Total { get; }

    /// <summary>Samples on the page.</summary>
    public int Count => _chosen?.Length ?? Total;

    /// <summary>Whether some are left out.</summary>
    public bool Sampled => _chosen is not null;

    public static Shown Of(IReadOnlyCollection<Finding> findings, int most, ulong seed)
    {
        var table = findings.OfType<SampleTable>().FirstOrDefault();
        if (table is null || table.Ids.Length <= most) return new Shown(table?.Ids.Length ?? 0, null);
        var needed = findings.SelectMany(Named).ToHashSet();
        return new Shown(table.Ids.Length, Draw(table, most, seed, needed));
    }

    /// <summary>Where a sample of the run stands on the page.</summary>
    public int Place(int sample) => _chosen is null ? sample : _place[sample];

    /// <summary>The shown ones of one value a sample.</summary>
    public IReadOnlyList<T> Of<T>(ImmutableArray<T> values) => _chosen is null ? values : [.. _chosen.Select(sample => values[sample])];

    /// <summary>The shown rows of an array of one row a sample.</summary>
    public NdArray Of(NdArray rows)
    {
        if (_chosen is null) return rows;
        var some = new NdArray([_chosen.Length, .. rows.Shape.Skip(1)], new float[_chosen.Length * rows.Stride]);
        for (var i = 0; i < _chosen.Length; i++) rows[_chosen[i]].CopyTo(some[i]);
        return some;
    }

    private static IEnumerable<int> Named(Finding finding) => finding switch
    {
        LayerMaps maps => maps.Samples,
        SampleTable table => table.Examples.Select(example => example.Sample),
        LayerUnits units => units.Cards.SelectMany(card => card.Samples),
        FeatureMaps maps => maps.Samples,
        ProbePictures pictures => pictures.Samples,
        ImageCodes codes => codes.Samples,
        _ => [],
    };

    private static int[] Draw(SampleTable table, int most, ulong seed, HashSet<int> needed)
    {
        var random = new Random(unchecked((int)(seed ^ seed >> 32)));
        var total = table.Ids.Length;
        var chosen = new HashSet<int>(needed);
        foreach (var group in Enumerable.Range(0, total).GroupBy(i => table.Labels.Length == total ? table.Labels[i] : 0).OrderBy(group => group.Key))
        {
            var members = group.ToArray();
            random.Shuffle(members);
            chosen.UnionWith(members.Take((int)Math.Max(1, Math.Round((double)most * members.Length / total))));
        }
        return [.. chosen.Order()];
    }
}
