using ModelInspector.Numerics;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>
/// Superpixels: positions grouped by likeness and nearness, by k-means from a regular grid of centres in which each centre competes only for
/// its surroundings (SLIC). Works for any number of axes; groups may be in several pieces.
/// </summary>
/// <remarks>Source: Achanta et al., SLIC superpixels, IEEE TPAMI 2012, algorithm 1, without its last step.</remarks>
internal static class Superpixels
{
    private const int Iterations = 8;

    // How much a grid step counts against one standard deviation of the values.
    private const double Nearness = 1;

    /// <summary>Labels of every sample's positions, and the number of centres, the same for every sample.</summary>
    /// <param name="batch">(samples, channels, positions…).</param>
    /// <param name="count">Superpixels wanted; the grid of centres has about that many.</param>
    public static (long[] Labels, int Count) Of(NdArray batch, int count)
    {
        int[] size = [.. batch.Shape[2..]];
        var grid = Grid(size, count);
        var positions = size.Aggregate((a, b) => a * b);
        var labels = new long[batch.Shape[0] * positions];
        RowParallel.Run(batch.Shape[0], 1, (_, from, to) =>
        {
            for (var sample = from; sample < to; sample++)
                new Grouping(batch[sample].ToArray(), batch.Shape[1], size, grid).Into(labels.AsSpan(sample * positions, positions));
        });
        return (labels, grid.Aggregate((a, b) => a * b));
    }

    // Cells as close to cubes as whole numbers allow.
    private static int[] Grid(int[] size, int count)
    {
        var side = Math.Pow(size.Aggregate(1.0, (a, b) => a * b) / count, 1.0 / size.Length);
        return [.. size.Select(axis => Math.Clamp((int)Math.Round(axis / side), 1, axis))];
    }

    /// <summary>One sample's groups while they are found.</summary>
    private sealed class Grouping
    {
        private readonly float[] values;
        private readonly int[] size;
        private readonly int[] grid;
        private readonly int positions;
        private readonly int features;
        private readonly double[] centres;

        // Features of a position: its channels in standard deviations, then its place in grid steps.
        public Grouping(float[] sample, int channels, int[] size, int[] grid)
        {
            (this.size, this.grid, positions, features) = (size, grid, sample.Length / channels, channels + size.Length);
            values = new float[positions * features];
            var scale = 1 / Math.Max(1e-12, Deviation(sample, channels));
            for (var p = 0; p < positions; p++)
            {
                for (var c = 0; c < channels; c++) values[p * features + c] = (float)(sample[c * positions + p] * scale);
                for (var (axis, rest) = (size.Length - 1, p); axis >= 0; rest /= size[axis--])
                    values[p * features + channels + axis] = (float)(Nearness * (rest % size[axis] + 0.5) * grid[axis] / size[axis]);
            }
            centres = new double[grid.Aggregate((a, b) => a * b) * features];
        }

        public void Into(Span<long> labels)
        {
            for (var p = 0; p < positions; p++) labels[p] = Cell(p);
            for (var i = 0; i < Iterations; i++)
            {
                Centre(labels);
                for (var p = 0; p < positions; p++) labels[p] = Nearest(p, Cell(p));
            }
        }

        private static double Deviation(float[] sample, int channels)
        {
            var (positions, sum) = (sample.Length / channels, 0.0);
            for (var c = 0; c < channels; c++)
            {
                var channel = sample.AsSpan(c * positions, positions);
                double mean = 0, squares = 0;
                foreach (var value in channel) mean += value;
                mean /= positions;
                foreach (var value in channel) squares += (value - mean) * (value - mean);
                sum += squares / positions;
            }
            return Math.Sqrt(sum);
        }

        private int Cell(int position)
        {
            var (cell, factor) = (0, 1);
            for (var (axis, rest) = (size.Length - 1, position); axis >= 0; rest /= size[axis--])
            {
                cell += factor * (int)((long)(rest % size[axis]) * grid[axis] / size[axis]);
                factor *= grid[axis];
            }
            return cell;
        }

        private void Centre(ReadOnlySpan<long> labels)
        {
            var counts = new int[centres.Length / features];
            foreach (var label in labels) counts[label]++;
            for (var group = 0; group < counts.Length; group++)
                if (counts[group] > 0) centres.AsSpan(group * features, features).Clear();
            for (var p = 0; p < positions; p++)
                for (var f = 0; f < features; f++) centres[labels[p] * features + f] += values[p * features + f];
            for (var i = 0; i < centres.Length; i++)
                if (counts[i / features] > 0) centres[i] /= counts[i / features];
        }

        // The centres that started in the position's own cell and in the cells around it.
        private long Nearest(int position, int cell)
        {
            var (best, least) = (cell, double.PositiveInfinity);
            var around = (int)Math.Pow(3, size.Length);
            for (var step = 0; step < around; step++)
            {
                var near = Neighbour(cell, step);
                if (near < 0 || Distance(position, near) is var distance && distance >= least) continue;
                (best, least) = (near, distance);
            }
            return best;
        }

        private int Neighbour(int cell, int step)
        {
            var (neighbour, factor) = (0, 1);
            for (var axis = size.Length - 1; axis >= 0; axis--)
            {
                var at = cell / factor % grid[axis] + step % 3 - 1;
                if (at < 0 || at >= grid[axis]) return -1;
                (neighbour, factor, step) = (neighbour + factor * at, factor * grid[axis], step / 3);
            }
            return neighbour;
        }

        private double Distance(int position, int group)
        {
            var sum = 0.0;
            for (var f = 0; f < features; f++)
            {
                var difference = values[position * features + f] - centres[group * features + f];
                sum += difference * difference;
            }
            return sum;
        }
    }
}
