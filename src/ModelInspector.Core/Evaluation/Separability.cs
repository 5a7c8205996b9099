using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Numerics.Tensors;
using ModelInspector.Clustering;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>How well classes lie apart in a layer's own space, with no map and no training between.</summary>
/// <param name="Neighbors">Nearest rows that vote.</param>
/// <param name="Sample">Most rows that are looked at; each is compared with all rows.</param>
/// <param name="Bootstrap">How intervals are made.</param>
/// <remarks>
/// Accuracy: the share of rows whose nearest rows, by majority, have their class; rows of the same unit (a patient) never vote for each other, or
/// the score would measure how well patients are recognised. The control is the same vote with labels shuffled. Silhouette: Rousseeuw 1987.
/// Centroid distance: the mean distance between two classes' means, divided by the root mean squared distance of rows to their class's mean.
/// Effective dimension: (Σλ)²/Σλ² over the eigenvalues of the covariance, 1 for a line and the number of columns for a round cloud. Cost: sample · n · columns.
/// It misleads where a few loud columns drown the others (distances are Euclidean, not standardised), and classes that lie in several pieces
/// have a low silhouette though they are told apart with ease.
/// </remarks>
public sealed record Separability(
    [Range(1, 1000)][Description("nearest rows that vote")] int Neighbors = 10,
    [Range(10, 1_000_000)][Description("most rows that are looked at")] int Sample = 2000,
    Bootstrap? Bootstrap = null)
{
    /// <summary>Measures one layer.</summary>
    /// <param name="data">One row a sample.</param>
    /// <param name="labels">Class of each row, negative when it has none.</param>
    /// <param name="units">Which rows belong together (patients); empty when each is its own.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <exception cref="InputException">Labels do not match the rows, or fewer than two classes have rows.</exception>
    public LayerSeparability Measure(Matrix data, ImmutableArray<int> labels, ImmutableArray<string> units, Job job)
    {
        Check(data, labels);
        var unitOf = UnitsOf(units, data.Rows);
        int[] labelled = [.. Enumerable.Range(0, data.Rows).Where(row => labels[row] >= 0)];
        var chosen = new Randomness(job.Seed, 0x5E9A).Choose(labelled.Length, Math.Min(Sample, labelled.Length)).Select(row => labelled[row]).Order().ToArray();
        var shuffled = Shuffled(labels, labelled, job.Seed);
        var votes = new RowVote[chosen.Length];
        RowParallel.Run(chosen.Length, 4, () => new float[data.Rows], (distances, _, from, to) =>
        {
            for (var i = from; i < to; i++) votes[i] = Look(data, labels, shuffled, unitOf, chosen[i], distances);
        }, job.Cancel);
        var draws = (Bootstrap ?? new()).Over(units.IsDefaultOrEmpty ? [] : [.. chosen.Select(row => units[row])], chosen.Length, job.Seed);
        var (between, within, nearest) = Centroids(data, labels);
        return new LayerSeparability(
            draws.Mean([.. votes.Select(vote => vote.Right)]), draws.Mean([.. votes.Select(vote => vote.RightByChance)]), draws.Mean([.. votes.Select(vote => vote.Silhouette)]),
            within > 0 ? between / within : double.NaN, nearest, EffectiveDimension(data), chosen.Length);
    }

    /// <summary>(Σλ)²/Σλ² over the eigenvalues λ of the covariance, without finding them: both are sums over its entries (or the Gram matrix's); NaN when nothing varies.</summary>
    public static double EffectiveDimension(Matrix data)
    {
        var centred = new Matrix(data.Rows, data.Columns);
        var means = new double[data.Columns];
        for (var row = 0; row < data.Rows; row++)
            for (var column = 0; column < data.Columns; column++) means[column] += data[row, column] / (double)data.Rows;
        for (var row = 0; row < data.Rows; row++)
            for (var column = 0; column < data.Columns; column++) centred[row, column] = (float)(data[row, column] - means[column]);
        var product = data.Rows < data.Columns
            ? Gemm.Multiply(new Operand(centred), new Operand(centred).Transposed)
            : Gemm.Multiply(new Operand(centred).Transposed, new Operand(centred));
        var trace = Enumerable.Range(0, product.Rows).Sum(i => (double)product[i, i]);
        var squares = product.Values.Sum(value => (double)value * value);
        return squares > 0 ? trace * trace / squares : double.NaN;
    }

    private static void Check(Matrix data, ImmutableArray<int> labels)
    {
        if (labels.Length != data.Rows) throw new InputException($"There are {labels.Length} labels for {data.Rows} rows; give one a row.");
        if (labels.Where(label => label >= 0).Distinct().Count() < 2)
            throw new InputException("Fewer than two classes have rows, so there is nothing to tell apart. Give labels of at least two classes.");
    }

    private static int[] UnitsOf(ImmutableArray<string> units, int rows)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. Enumerable.Range(0, rows).Select(row => units.IsDefaultOrEmpty || units[row] == "" ? -1 - row : known.TryGetValue(units[row], out var unit) ? unit : known[units[row]] = known.Count)];
    }

    private static int[] Shuffled(ImmutableArray<int> labels, int[] labelled, ulong seed)
    {
        var order = new Randomness(seed, 0x5F).Choose(labelled.Length, labelled.Length);
        var shuffled = labels.ToArray();
        for (var i = 0; i < labelled.Length; i++) shuffled[labelled[i]] = labels[labelled[order[i]]];
        return shuffled;
    }

    private RowVote Look(Matrix data, ImmutableArray<int> labels, int[] shuffled, int[] unitOf, int row, float[] distances)
    {
        var classes = labels.Max() + 1;
        var (sums, counts) = (new double[classes], new int[classes]);
        for (var other = 0; other < data.Rows; other++)
        {
            distances[other] = float.PositiveInfinity;
            if (other == row || labels[other] < 0) continue;
            var distance = TensorPrimitives.Distance(data.Row(row), data.Row(other));
            sums[labels[other]] += distance;
            counts[labels[other]]++;
            if (unitOf[other] != unitOf[row]) distances[other] = distance;
        }
        var near = Nearest(distances);
        return new RowVote(Vote(near, labels.AsSpan(), row), Vote(near, shuffled, row), Silhouette.Of(sums, counts, labels[row]));
    }

    private int[] Nearest(float[] distances)
    {
        var keys = new ulong[distances.Length];
        var count = 0;
        for (var i = 0; i < distances.Length; i++)
            if (float.IsFinite(distances[i])) keys[count++] = ((ulong)BitConverter.SingleToUInt32Bits(distances[i]) << 32) | (uint)i;
        var wanted = Math.Min(Neighbors, count);
        if (wanted == 0) return [];
        Selection.Smallest(keys.AsSpan(0, count), wanted);
        keys.AsSpan(0, wanted).Sort();
        return [.. keys[..wanted].Select(key => (int)(uint)key)];
    }

    // The most frequent class of the nearest; of equally frequent ones the one that comes first.
    private static double Vote(int[] near, ReadOnlySpan<int> labels, int row)
    {
        if (near.Length == 0) return double.NaN;
        var votes = new int[near.Length];
        for (var i = 0; i < near.Length; i++) votes[i] = labels[near[i]];
        return votes.GroupBy(label => label).MaxBy(group => group.Count())!.Key == labels[row] ? 1 : 0;
    }

    private static (double Between, double Within, (int, int) Nearest) Centroids(Matrix data, ImmutableArray<int> labels)
    {
        int[] classes = [.. labels.Where(label => label >= 0).Distinct().Order()];
        double[][] means = [.. classes.Select(label => Mean(data, [.. Enumerable.Range(0, data.Rows).Where(row => labels[row] == label)]))];
        var within = Enumerable.Range(0, data.Rows).Where(row => labels[row] >= 0).Average(row => Squared(data.Row(row), means[Array.IndexOf(classes, labels[row])]));
        var pairs = Enumerable.Range(0, classes.Length).SelectMany(one => Enumerable.Range(0, one).Select(other => (one, other, Apart: TensorPrimitives.Distance<double>(means[one], means[other])))).ToList();
        var (a, b, _) = pairs.MinBy(pair => pair.Apart);
        return (pairs.Average(pair => pair.Apart), Math.Sqrt(within), (classes[b], classes[a]));
    }

    private static double[] Mean(Matrix data, int[] rows)
    {
        var mean = new double[data.Columns];
        foreach (var row in rows)
            for (var column = 0; column < mean.Length; column++) mean[column] += data[row, column] / (double)rows.Length;
        return mean;
    }

    private static double Squared(ReadOnlySpan<float> row, double[] mean)
    {
        var sum = 0.0;
        for (var column = 0; column < row.Length; column++) sum += (row[column] - mean[column]) * (row[column] - mean[column]);
        return sum;
    }

    private readonly record struct RowVote(double Right, double RightByChance, double Silhouette);
}

/// <summary>How well classes lie apart in one layer.</summary>
/// <param name="Accuracy">Share of rows whose nearest rows have their class.</param>
/// <param name="Chance">The same with labels shuffled: what chance gives.</param>
/// <param name="Silhouette">Mean silhouette by class.</param>
/// <param name="CentroidDistance">Mean distance of two classes' means, in root mean squared distances of rows to their own; NaN when rows of a class are all alike.</param>
/// <param name="Nearest">The two classes whose means lie nearest.</param>
/// <param name="EffectiveDimension">(Σλ)²/Σλ² of the covariance.</param>
/// <param name="Rows">Rows that were looked at.</param>
public sealed record LayerSeparability(
    Interval Accuracy, Interval Chance, Interval Silhouette, double CentroidDistance, (int One, int Other) Nearest, double EffectiveDimension, int Rows);
