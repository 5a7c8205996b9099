using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Attribution;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Evaluation.Stability;
using ModelInspector.Models;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>Draws maps of slightly noisy and of slightly shifted versions of an image, all methods and layers from the same passes.</summary>
/// <param name="Draws">Noisy versions.</param>
/// <param name="Radius">Largest change of a value, as a share of the image's range: the radius of max-sensitivity.</param>
/// <param name="Shift">Positions by which the image is moved to each of the four sides, its rim repeated; its maps are moved back and compared where both are known.</param>
public sealed record StabilityRuns([Range(1, 1000)] int Draws = 4, [Range(0.0, 1.0)] double Radius = 0.02, [Range(1, 100)] int Shift = 3)
{
    /// <summary>Scores every map of one image.</summary>
    /// <param name="model">The network.</param>
    /// <param name="network">The same network with the target that is explained.</param>
    /// <param name="input">(C, H, W) or (C, D, H, W).</param>
    /// <param name="plan">Which maps, at which layers.</param>
    /// <param name="maps">The image's own maps, in the plan's order.</param>
    /// <param name="job">Seed of the noise; cancellation.</param>
    internal IEnumerable<(StoredMap Map, string Metric, Score Score)> Measure(IDifferentiableModel model, Answers network, NdArray input, MapPlan plan, IReadOnlyList<StoredMap> maps, Job job)
    {
        var moves = Moves(input.Shape);
        NdArray[] versions = [.. Enumerable.Range(0, Draws).Select(draw => Noisy(input, new Randomness(job.Seed, 0x5AB1 + (ulong)draw))), .. moves.Select(move => Moved(input, move))];
        var drawn = Drawn(model, network, versions, plan, job);
        foreach (var (index, map) in maps.Index())
        {
            var others = drawn.Select(version => version[index]).ToList();
            yield return (map, "max-sensitivity", new MaxSensitivity().Measure(new(map.Of(0), [.. others.Take(Draws)]), job));
            yield return (map, "repeatability", Repeated(map.Of(0), [.. others.Skip(Draws)], moves, input.Shape[1..], job));
        }
    }

    // One list a version: its maps in the plan's order.
    private static List<List<NdArray>> Drawn(IDifferentiableModel model, Answers network, NdArray[] versions, MapPlan plan, Job job)
    {
        var result = new List<List<NdArray>>();
        foreach (var some in versions.Chunk(model.Graph.BatchOf(network.Batch)))
        {
            using var batch = network.Stacked(some);
            var drawn = DrawnMaps.Of(model, batch, plan, network.Target.Repeated((int)batch.shape[0]), job);
            result.AddRange(Enumerable.Range(0, some.Length).Select(version => drawn.Select(map => map.Of(version)).ToList()));
        }
        return result;
    }

    private static Score Repeated(NdArray map, ImmutableArray<NdArray> others, (int Down, int Right)[] moves, ImmutableArray<int> size, Job job)
    {
        if (moves.Length == 0) return Score.None($"an image of {string.Join(" × ", size)} positions is too small to be shifted");
        var raise = new Upsampling(map.Shape, size);
        var scores = others.Zip(moves, (other, move) => new Repeatability().Measure(
            new(Crop(raise.Apply(map), (0, 0), move), [Crop(raise.Apply(other), move, move)]), job)).ToList();
        return scores.Find(score => !score.IsDefined) is { Undefined: { } reason } ? Score.None(reason) : new(scores.Average(score => score.Value));
    }

    // A shift takes no more than a quarter of the image; one that has not four positions cannot be shifted.
    private (int Down, int Right)[] Moves(ImmutableArray<int> shape)
    {
        var step = Math.Min(Shift, Math.Max(0, Math.Min(shape[^1], shape[^2]) / 4));
        return step == 0 ? [] : [(step, 0), (-step, 0), (0, step), (0, -step)];
    }

    private NdArray Noisy(NdArray input, Randomness random)
    {
        var (values, radius) = ((float[])[.. input.Values], Radius * (input.Values.Max() - (double)input.Values.Min()));
        for (var i = 0; i < values.Length; i++) values[i] += (float)(radius * (2 * random.Uniform((ulong)i) - 1));
        return new NdArray(input.Shape, values);
    }

    private static NdArray Moved(NdArray image, (int Down, int Right) move)
    {
        var result = new NdArray(image.Shape);
        var (rows, columns) = (image.Shape[^2], image.Shape[^1]);
        for (var i = 0; i < result.Values.Length; i++)
        {
            var (plane, row, column) = (i / (rows * columns), i / columns % rows, i % columns);
            result.Values[i] = image.Values[(plane * rows + Math.Clamp(row - move.Down, 0, rows - 1)) * columns + Math.Clamp(column - move.Right, 0, columns - 1)];
        }
        return result;
    }

    // What lies at a position before the move lies further on after it; positions that leave the frame drop out.
    private static NdArray Crop(NdArray map, (int Down, int Right) by, (int Down, int Right) move)
    {
        var (rows, columns) = (map.Shape[^2], map.Shape[^1]);
        var (left, high) = (columns - Math.Abs(move.Right), rows - Math.Abs(move.Down));
        var planes = map.Values.Length / (rows * columns);
        var result = new NdArray([planes, high, left]);
        for (var i = 0; i < result.Values.Length; i++)
        {
            var (plane, row, column) = (i / (high * left), i / left % high + Math.Max(0, -move.Down), i % left + Math.Max(0, -move.Right));
            result.Values[i] = map.Values[(plane * rows + row + by.Down) * columns + column + by.Right];
        }
        return result;
    }
}
