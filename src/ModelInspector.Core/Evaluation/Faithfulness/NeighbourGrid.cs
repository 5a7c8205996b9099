using System.Collections.Immutable;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>The removed positions of a grid with their neighbours: a system of linear equations.</summary>
internal sealed class NeighbourGrid
{
    private const double Precision = 1e-3;

    private readonly int mostRounds;
    private readonly int[] unknown;
    private readonly int[] first; // of each unknown's neighbours in the lists below
    private readonly int[] places;
    private readonly float[] weights;
    private readonly int[] index; // of each position among the unknown, or -1

    public NeighbourGrid(ImmutableArray<int> shape, bool[] removed)
    {
        // Conjugate gradients need about 2.4 rounds for each position along the longest side to come to a thousandth.
        mostRounds = Math.Max(200, 4 * shape.Max());
        unknown = [.. Enumerable.Range(0, removed.Length).Where(place => removed[place])];
        index = new int[removed.Length];
        index.AsSpan().Fill(-1);
        for (var i = 0; i < unknown.Length; i++) index[unknown[i]] = i;
        var offsets = Offsets(shape.Length);
        var at = new int[shape.Length];
        var (allPlaces, allWeights, starts) = (new List<int>(), new List<float>(), new List<int> { 0 });
        foreach (var place in unknown)
        {
            Unfold(place, shape, at);
            foreach (var (offset, weight) in offsets)
            {
                if (Neighbour(at, offset, shape) is not (>= 0 and var neighbour)) continue;
                allPlaces.Add(neighbour);
                allWeights.Add(weight);
            }
            starts.Add(allPlaces.Count);
        }
        (places, weights, first) = ([.. allPlaces], [.. allWeights], [.. starts]);
    }

    /// <summary>Fills the unknown positions of one channel; the known ones are left.</summary>
    public void Solve(Span<float> values, float start)
    {
        var (solution, right) = (Start(values, start), new double[unknown.Length]);
        for (var i = 0; i < unknown.Length; i++)
            for (var k = first[i]; k < first[i + 1]; k++)
                if (index[places[k]] < 0) right[i] += weights[k] * (double)values[places[k]];
        Descend(solution, right);
        for (var i = 0; i < unknown.Length; i++) values[unknown[i]] = (float)solution[i];
    }

    // From the rim inwards: each takes the mean of the neighbours that are known by then.
    private double[] Start(ReadOnlySpan<float> values, float otherwise)
    {
        var (solution, known, open) = (new double[unknown.Length], new bool[unknown.Length], Enumerable.Range(0, unknown.Length).ToList());
        solution.AsSpan().Fill(otherwise);
        while (open.Count > 0)
        {
            var ring = new List<(int Unknown, double Value)>();
            foreach (var i in open)
                if (Around(values, solution, known, i) is { } value) ring.Add((i, value));
            if (ring.Count == 0) break;
            foreach (var (i, value) in ring) (solution[i], known[i]) = (value, true);
            open.RemoveAll(i => known[i]);
        }
        return solution;
    }

    private double? Around(ReadOnlySpan<float> values, double[] solution, bool[] known, int i)
    {
        var (sum, weight) = (0.0, 0.0);
        for (var k = first[i]; k < first[i + 1]; k++)
        {
            var other = index[places[k]];
            if (other >= 0 && !known[other]) continue;
            sum += weights[k] * (other < 0 ? values[places[k]] : solution[other]);
            weight += weights[k];
        }
        return weight > 0 ? sum / weight : null;
    }

    // Conjugate gradients on the Laplacian, which is symmetric and positive definite wherever something is known.
    private void Descend(double[] solution, double[] right)
    {
        var (residual, image) = (new double[solution.Length], new double[solution.Length]);
        Apply(solution, image);
        for (var i = 0; i < residual.Length; i++) residual[i] = right[i] - image[i];
        var direction = (double[])residual.Clone();
        var length = Dot(residual, residual);
        var enough = Precision * Precision * length;
        for (var round = 0; round < mostRounds && length > enough && length > 1e-20; round++)
        {
            Apply(direction, image);
            var step = length / Dot(direction, image);
            for (var i = 0; i < solution.Length; i++)
            {
                solution[i] += step * direction[i];
                residual[i] -= step * image[i];
            }
            var next = Dot(residual, residual);
            for (var i = 0; i < direction.Length; i++) direction[i] = residual[i] + next / length * direction[i];
            length = next;
        }
    }

    private void Apply(double[] from, double[] to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            var (sum, weight) = (0.0, 0.0);
            for (var k = first[i]; k < first[i + 1]; k++)
            {
                weight += weights[k];
                if (index[places[k]] is >= 0 and var other) sum += weights[k] * from[other];
            }
            to[i] = weight * from[i] - sum;
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    // Every neighbour in a cube of three: 2 along an axis, 1 across.
    private static (int[] Offset, float Weight)[] Offsets(int axes) =>
        [.. Enumerable.Range(0, (int)Math.Pow(3, axes))
            .Select(number => Enumerable.Range(0, axes).Select(axis => number / (int)Math.Pow(3, axis) % 3 - 1).ToArray())
            .Where(offset => offset.Any(step => step != 0))
            .Select(offset => (offset, offset.Count(step => step != 0) == 1 ? 2f : 1f))];

    private static void Unfold(int place, ImmutableArray<int> shape, int[] at)
    {
        for (var axis = shape.Length - 1; axis >= 0; axis--) (place, at[axis]) = (place / shape[axis], place % shape[axis]);
    }

    private static int Neighbour(int[] at, int[] offset, ImmutableArray<int> shape)
    {
        var place = 0;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var there = at[axis] + offset[axis];
            if (there < 0 || there >= shape[axis]) return -1;
            place = place * shape[axis] + there;
        }
        return place;
    }
}
