using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>
/// Values that are moved, repeated, cut, joined, averaged or interpolated. Where each came from is found by running the step on positions
/// in place of values; a mirrored or wrapped border is not counted, as padding is not.
/// </summary>
/// <param name="Around">Neighbours on each side that an interpolation may read.</param>
/// <param name="IsSum">Whether the step adds up values, so that its result has to be divided by their number.</param>
internal sealed record MovingReach(double Around = 0, bool IsSum = false) : Reach
{
    // Added to every position, so that what is no position (padding, constants) is told by its size; float32 keeps 1/256 there.
    private const double Mark = 1 << 15;

    /// <inheritdoc/>
    public override Sight Through(Passage passage)
    {
        var first = passage.Sighted[0].Sight!;
        if (passage.Sighted.Any(seen => !seen.Value.is_floating_point())) return first.Whole();
        Trail?[] trails = [.. Enumerable.Range(0, first.Axes.Length).Select(axis => Along(axis, passage))];
        var isAnyLost = trails.Zip(first.Axes).Any(axis => axis.First is null && axis.Second is not null);
        return new Sight([.. trails.Select(trail => trail?.Settled(trails.Any(other => other != trail && other?.Folded?.At == trail.Folded?.At), isAnyLost))]);
    }

    private Trail? Along(int axis, Passage passage)
    {
        if (passage.Sighted.Any(seen => seen.Sight!.Axes[axis] is null)) return null;
        using var scope = NewDisposeScope();
        var moved = passage.Again(passage.Sighted.ToDictionary(seen => seen.Value, seen => Positions(seen.Value, seen.Sight!.Axes[axis]!)));
        if (IsSum) moved = moved / passage.Again(passage.Sighted.ToDictionary(seen => seen.Value, seen => ones_like(seen.Value)));
        var from = passage.Sighted[0];
        var sight = from.Sight!.Axes[axis]!;
        var size = passage.Sighted.Max(seen => seen.Sight!.Axes[axis]!.Field.Size);
        var extent = (sight.Count > 0 ? sight.Count : from.Value.shape[sight.At]) * sight.Field.Stride;
        return Trail.Of(Enumerable.Range(0, (int)moved.Dimensions).Where(at => moved.shape[at] > 1).Select(at => Along(moved, at)), sight.Field.Stride, extent, size, Around);
    }

    // For each position the first position of the input that it sees.
    private static Tensor Positions(Tensor value, AxisSight axis)
    {
        var count = value.shape[axis.At];
        var index = arange(count, ScalarType.Int64, value.device).div(axis.Block, RoundingMode.floor);
        var folded = axis.Count > 0 ? index.remainder(axis.Count) : index;
        long[] shape = [.. value.shape.Select((_, at) => at == axis.At ? count : 1)];
        return folded.to(ScalarType.Float32).mul(axis.Field.Stride).add(axis.Field.Offset + Mark).reshape(shape).expand(value.shape).contiguous();
    }

    /// <summary>Smallest and largest position along one axis of the result; infinite where there is none.</summary>
    private static Extremes Along(Tensor moved, int axis)
    {
        long[] others = [.. Enumerable.Range(0, (int)moved.Dimensions).Where(at => at != axis).Select(at => (long)at)];
        var isPosition = moved.gt(Mark / 2);
        var low = where(isPosition, moved, full_like(moved, double.PositiveInfinity));
        var high = where(isPosition, moved, full_like(moved, double.NegativeInfinity));
        return new(axis, Values(others.Length > 0 ? low.amin(others) : low), Values(others.Length > 0 ? high.amax(others) : high));
    }

    private static ImmutableArray<double> Values(Tensor line) => [.. line.cpu().data<float>().ToArray().Select(value => value - Mark)];
}
