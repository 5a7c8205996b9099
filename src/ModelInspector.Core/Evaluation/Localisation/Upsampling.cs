using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>
/// Brings maps of one shape to another, bilinearly (H, W) or trilinearly (D, H, W): half-pixel centres, edges repeated, what torch's
/// <c>interpolate(mode='bilinear', align_corners=False)</c> computes. Made once for two shapes, used for many maps.
/// </summary>
public sealed class Upsampling
{
    private readonly ImmutableArray<int> from;
    private readonly ImmutableArray<int> to;
    private readonly Axis[] axes;

    /// <summary>Prepares for maps of shape <paramref name="from"/>.</summary>
    /// <exception cref="InputException">The ranks differ or a size is zero.</exception>
    public Upsampling(ImmutableArray<int> from, ImmutableArray<int> to)
    {
        if (from.Length != to.Length || from.Contains(0) || to.Contains(0))
            throw new InputException($"A map of shape ({string.Join(", ", from)}) cannot be brought to ({string.Join(", ", to)}): both need the same number of axes and no empty one.");
        (this.from, this.to) = (from, to);
        axes = [.. from.Zip(to, (a, b) => new Axis(a, b))];
    }

    /// <summary>The values that a map of the first shape has at the second.</summary>
    public NdArray Apply(NdArray map)
    {
        if (!map.Shape.SequenceEqual(from)) throw new ArgumentException($"Prepared for ({string.Join(", ", from)}), given ({string.Join(", ", map.Shape)}).", nameof(map));
        var result = new NdArray(to);
        Apply(map.Values, result.Values, new Space());
        return result;
    }

    // The last axis first: the fewest values are then carried through the longest rows.
    internal void Apply(ReadOnlySpan<float> map, Span<float> result, Space space)
    {
        var source = map;
        var shape = from.ToArray();
        var turn = 0;
        for (var axis = axes.Length - 1; axis >= 0; axis--)
        {
            if (from[axis] == to[axis]) continue;
            shape[axis] = to[axis];
            var target = space.Of(turn++, Length(shape));
            axes[axis].Apply(source, target, Length(shape.AsSpan(axis + 1)));
            source = target;
        }
        source.CopyTo(result);
    }

    private static int Length(ReadOnlySpan<int> shape)
    {
        var length = 1;
        foreach (var size in shape) length = checked(length * size);
        return length;
    }

    /// <summary>Memory between the axes.</summary>
    internal sealed class Space
    {
        private readonly float[][] buffers = [[], []];

        public Span<float> Of(int turn, int length)
        {
            if (buffers[turn % 2].Length < length) buffers[turn % 2] = new float[length];
            return buffers[turn % 2].AsSpan(0, length);
        }
    }

    /// <summary>For every place along an axis, the two it lies between and the share of the second.</summary>
    private sealed class Axis
    {
        private readonly int[] low;
        private readonly int[] high;
        private readonly float[] share;
        private readonly int count;

        public Axis(int from, int to)
        {
            (count, low, high, share) = (from, new int[to], new int[to], new float[to]);
            for (var i = 0; i < to; i++)
            {
                var place = Math.Max(0, (i + 0.5) * from / to - 0.5);
                low[i] = Math.Min(from - 1, (int)place);
                high[i] = Math.Min(from - 1, low[i] + 1);
                share[i] = (float)(place - low[i]);
            }
        }

        public void Apply(ReadOnlySpan<float> source, Span<float> target, int behind)
        {
            for (var block = 0; block * count * behind < source.Length; block++)
            {
                var from = source.Slice(block * count * behind, count * behind);
                var to = target.Slice(block * low.Length * behind, low.Length * behind);
                if (behind == 1) Line(from, to);
                else Lines(from, to, behind);
            }
        }

        private void Line(ReadOnlySpan<float> from, Span<float> to)
        {
            for (var i = 0; i < to.Length; i++) to[i] = from[low[i]] + share[i] * (from[high[i]] - from[low[i]]);
        }

        private void Lines(ReadOnlySpan<float> from, Span<float> to, int behind)
        {
            for (var i = 0; i < low.Length; i++)
            {
                var a = from.Slice(low[i] * behind, behind);
                var b = from.Slice(high[i] * behind, behind);
                var result = to.Slice(i * behind, behind);
                for (var j = 0; j < behind; j++) result[j] = a[j] + share[i] * (b[j] - a[j]);
            }
        }
    }
}
