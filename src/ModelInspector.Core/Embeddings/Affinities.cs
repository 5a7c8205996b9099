using System.Numerics.Tensors;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// How much every row belongs to its neighbours: Gaussian weights p(j|i) ∝ exp(−β_i d²), each β_i chosen so that the weights'
/// perplexity (the exponential of their entropy) is the one asked for. Source: van der Maaten and Hinton, JMLR 2008, eq. 1.
/// </summary>
public static class Affinities
{
    private const double Tolerance = 1e-6;
    private const int MostSteps = 64;

    /// <summary>Neighbours that carry a given perplexity: three times as many.</summary>
    public static int Neighbors(double perplexity, int rows) => Math.Min(rows - 1, (int)Math.Ceiling(3 * perplexity));

    /// <summary>Weights p(j|i), rows × neighbours, each row summing to one; averaged over all perplexities given.</summary>
    public static float[] Conditional(NeighborTable near, params ReadOnlySpan<double> perplexities)
    {
        var wanted = perplexities.ToArray();
        var weights = new float[near.Indices.Length];
        RowParallel.Run(near.Rows, 256, () => new Search(near.Count), (search, _, from, to) =>
        {
            for (var row = from; row < to; row++)
                search.Average(near.DistancesOf(row), wanted, weights.AsSpan(row * near.Count, near.Count));
        });
        return weights;
    }

    /// <summary>P = (p(j|i) + p(i|j)) / 2n over all pairs of neighbours; sums to one.</summary>
    /// <param name="near">Neighbours; its indices and the weights are reordered in place.</param>
    /// <param name="conditional">Weights p(j|i).</param>
    internal static JoinedGraph Joint(NeighborTable near, float[] conditional)
    {
        var scale = 1f / (2f * near.Rows);
        return new JoinedGraph(near.Indices, conditional, near.Count, (there, back) => (there + back) * scale);
    }

    private sealed class Search(int count)
    {
        private readonly double[] gaps = new double[count], weights = new double[count];

        public void Average(ReadOnlySpan<float> distances, double[] perplexities, Span<float> average)
        {
            Gaps(distances);
            foreach (var perplexity in perplexities)
            {
                var sum = Solve(Math.Log(perplexity));
                for (var j = 0; j < count; j++) average[j] += (float)(weights[j] / (sum * perplexities.Length));
            }
        }

        // Squared distances beyond the nearest, in units of their mean: the weights do not change, the search starts near its end.
        private void Gaps(ReadOnlySpan<float> distances)
        {
            TensorPrimitives.ConvertTruncating<float, double>(distances, gaps);
            TensorPrimitives.Multiply<double>(gaps, gaps, gaps);
            TensorPrimitives.Subtract<double>(gaps, TensorPrimitives.Min<double>(gaps), gaps);
            var mean = TensorPrimitives.Sum<double>(gaps) / count;
            if (mean > 0) TensorPrimitives.Divide<double>(gaps, mean, gaps);
        }

        // Newton's iteration on the logarithm of β, kept inside a bracket. Leaves exp(−β gap) in the weights and returns their sum.
        private double Solve(double entropy)
        {
            double low = double.NegativeInfinity, high = double.PositiveInfinity, log = 0;
            for (var step = 0; ; step++)
            {
                var beta = Math.Exp(log);
                var (sum, mean, variance) = Weigh(beta);
                var excess = Math.Log(sum) + beta * mean - entropy;
                if (Math.Abs(excess) < Tolerance || step == MostSteps || high - low < 1e-9) return sum;
                if (excess > 0) low = log; else high = log;
                var next = log + excess / (beta * beta * variance);
                if (next > low && next < high && Math.Abs(next - log) <= 2) log = next;
                else log = double.IsInfinity(high - low) ? log + Math.CopySign(2, excess) : (low + high) / 2;
            }
        }

        private (double Sum, double Mean, double Variance) Weigh(double beta)
        {
            TensorPrimitives.Multiply<double>(gaps, -beta, weights);
            TensorPrimitives.Exp<double>(weights, weights);
            double sum = 0, first = 0, second = 0;
            for (var j = 0; j < count; j++)
            {
                var weighted = weights[j] * gaps[j];
                (sum, first, second) = (sum + weights[j], first + weighted, second + weighted * gaps[j]);
            }
            var mean = first / sum;
            return (sum, mean, second / sum - mean * mean);
        }
    }
}
