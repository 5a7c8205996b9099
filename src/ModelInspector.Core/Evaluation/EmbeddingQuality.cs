using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>Measures how faithful a map is to the rows it was made from, and how well labels separate on it.</summary>
/// <param name="Neighbors">Neighbourhood size of trustworthiness and continuity.</param>
/// <param name="Sample">Most rows that are looked at; each is compared with all rows.</param>
/// <remarks>
/// Trustworthiness falls when points are neighbours on the map that are far apart in the data, continuity when neighbours in the data
/// are torn apart (Venna and Kaski 2001: 1 − 2/(nk(2n − 3k − 1)) Σ (rank − k)). Neighbours kept is the mean share of the k nearest
/// that stay among the k nearest; R_NX is the same corrected for chance (Lee et al. 2015). Rank correlation is Spearman's between
/// distances in the data and on the map: large-scale order. Label scores use the map alone, leaving the point itself out.
/// All can be high for a picture that misleads in other ways: none says whether a cluster is real.
/// </remarks>
public sealed record EmbeddingQuality(int Neighbors = 15, int Sample = 2000)
{
    private static readonly int[] CurveSizes = [1, 2, 5, 10, 20, 30, 50, 100, 200];
    private static readonly int[] NamedSizes = [10, 30];

    /// <summary>Measures a map.</summary>
    /// <param name="data">The rows that were embedded.</param>
    /// <param name="points">Their places.</param>
    /// <param name="labels">Class of each row, negative when it has none; empty without labels.</param>
    /// <param name="job">Seed of the sample, progress, cancellation.</param>
    public EmbeddingScores Measure(Matrix data, Matrix points, ReadOnlySpan<int> labels, Job job)
    {
        if (data.Rows != points.Rows) throw new InputException($"The data have {data.Rows} rows, the map {points.Rows}; they must be the same rows.");
        if (labels.Length > 0 && labels.Length != data.Rows) throw new InputException($"There are {labels.Length} labels for {data.Rows} rows; give one a row.");
        var rows = new Randomness(job.Seed, 0x9A17).Choose(data.Rows, Math.Min(Sample, data.Rows));
        Array.Sort(rows);
        var seen = new RowAgreement[rows.Length];
        var sizes = CurveSizes.Where(size => size < data.Rows - 1).ToArray();
        var agreement = new Agreement(data, points, labels.ToArray(), WithinReach(data.Rows), sizes);
        for (var from = 0; from < rows.Length; from += 256)
        {
            job.Report("map quality", from, rows.Length);
            var first = from;
            RowParallel.Run(Math.Min(256, rows.Length - from), 4, agreement.Scratch,
                (scratch, _, low, high) => { for (var i = low; i < high; i++) seen[first + i] = agreement.Of(rows[first + i], scratch); }, job.Cancel);
        }
        job.Report("map quality", rows.Length, rows.Length);
        return new EmbeddingScores(data.Rows, rows.Length, Scores(seen, data.Rows, sizes), Curve(seen, data.Rows, sizes));
    }

    // The formula needs neighbourhoods smaller than half of the rows.
    private int WithinReach(int rows) => Math.Max(0, Math.Min(Neighbors, (rows - 1) / 2));

    private ImmutableArray<EmbeddingScore> Scores(RowAgreement[] seen, int rows, int[] sizes)
    {
        var k = WithinReach(rows);
        var few = k < 1 ? $"{rows} rows are too few" : null;
        var none = "no row has a label";
        double Ranked(double excess) => 1 - 2 * excess / (k * (2.0 * rows - 3 * k - 1));
        return
        [
            Mean($"trustworthiness (k = {k})", seen, row => Ranked(row.Intruders), rows, few),
            Mean($"continuity (k = {k})", seen, row => Ranked(row.Missing), rows, few),
            .. NamedSizes.Select(size => Array.IndexOf(sizes, size) is >= 0 and var at
                ? Mean($"neighbours kept (k = {size})", seen, row => row.Kept[at], rows, null)
                : new EmbeddingScore($"neighbours kept (k = {size})", double.NaN, 0, $"{rows} rows are too few")),
            RankCorrelation(seen, rows),
            Mean("1-NN label accuracy", seen, row => row.NearestRight, rows, none),
            Mean("10-NN label accuracy", seen, row => row.TenRight, rows, none),
            Mean("silhouette by label", seen, row => row.Silhouette, rows, none),
        ];
    }

    // Pairs of one row are not independent: the error counts rows (Bonett and Wright 2000).
    private static EmbeddingScore RankCorrelation(RowAgreement[] seen, int rows)
    {
        var value = RankOrder.Correlation([.. seen.SelectMany(row => row.Far)], [.. seen.SelectMany(row => row.Near)]);
        var error = seen.Length < rows ? Math.Sqrt((1 + value * value / 2) / Math.Max(1, seen.Length - 3)) : 0;
        return double.IsNaN(value) ? new EmbeddingScore("rank correlation", value, 0, "distances do not vary") : new EmbeddingScore("rank correlation", value, error);
    }

    private static ImmutableArray<CurvePoint> Curve(RowAgreement[] seen, int rows, int[] sizes) =>
        [.. sizes.Select((size, at) => new CurvePoint(size, ((rows - 1) * seen.Average(row => row.Kept[at]) - size) / (rows - 1.0 - size)))];

    // Rows without a value (no label, constant distances) carry NaN and do not count.
    private static EmbeddingScore Mean(string name, RowAgreement[] seen, Func<RowAgreement, double> of, int rows, string? whenEmpty)
    {
        var values = seen.Select(of).Where(value => !double.IsNaN(value)).ToArray();
        if (values.Length == 0) return new EmbeddingScore(name, double.NaN, 0, whenEmpty ?? "distances do not vary");
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Length - 1);
        var unseen = 1 - (double)seen.Length / rows; // a sample of all rows has no sampling error
        return new EmbeddingScore(name, mean, Math.Sqrt(variance / values.Length * unseen));
    }
}
