using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>A rectangle of positions.</summary>
public readonly record struct Region(int Top, int Left, int Height, int Width)
{
    /// <summary>Positions inside.</summary>
    public int Area => Height * Width;

    /// <summary>Whether two rectangles share a position.</summary>
    public bool Touches(Region other) =>
        Top < other.Top + other.Height && other.Top < Top + Height && Left < other.Left + other.Width && other.Left < Left + Width;

    /// <summary>The smallest rectangle around both.</summary>
    public Region With(Region other)
    {
        var (top, left) = (Math.Min(Top, other.Top), Math.Min(Left, other.Left));
        return new Region(top, left, Math.Max(Top + Height, other.Top + other.Height) - top, Math.Max(Left + Width, other.Left + other.Width) - left);
    }

    /// <summary>The same rectangle with a border, cut to the frame.</summary>
    public Region Grown(int border, int rows, int columns)
    {
        var (top, left) = (Math.Max(0, Top - border), Math.Max(0, Left - border));
        return new Region(top, left, Math.Min(rows, Top + Height + border) - top, Math.Min(columns, Left + Width + border) - left);
    }
}

/// <summary>
/// Where attribution outside the masks gathers: the places whose replacement is worth testing.
/// </summary>
/// <remarks>
/// Around the highest mean the connected positions above half of it are boxed; the box is grown by a small border, because layers blur,
/// and its positions are then left out of the next search. Boxes larger than <paramref name="LargestShare"/> of the frame are cut to the
/// densest window of that size: replacing most of the image would tell nothing.
/// </remarks>
/// <param name="Most">Regions at most.</param>
/// <param name="LargestShare">Largest share of the frame that one region may cover.</param>
public sealed record SuspectRegions(int Most = 3, double LargestShare = 0.1)
{
    /// <summary>The regions of a mean map, the hottest first.</summary>
    /// <param name="map">(rows, columns), non-negative: mean attribution at positions outside the masks.</param>
    public ImmutableArray<Region> In(NdArray map)
    {
        var (rows, columns) = (map.Shape[0], map.Shape[1]);
        var left = map.Values.ToArray();
        var found = ImmutableArray.CreateBuilder<Region>();
        while (found.Count < Most && left.Max() is > 0 and var peak && peak >= 0.25f * map.Values.Max())
        {
            var region = Limited(Around(left, rows, columns, peak).Grown(Math.Max(1, Math.Min(rows, columns) / 64), rows, columns), left, rows, columns);
            found.Add(region);
            Clear(left, columns, region);
        }
        return found.ToImmutable();
    }

    private static Region Around(float[] map, int rows, int columns, float peak)
    {
        var start = Array.IndexOf(map, peak);
        var (seen, open) = (new HashSet<int> { start }, new Stack<int>([start]));
        while (open.TryPop(out var at))
            foreach (var next in Neighbours(at, rows, columns))
                if (map[next] >= peak / 2 && seen.Add(next)) open.Push(next);
        var (top, left) = (seen.Min(at => at / columns), seen.Min(at => at % columns));
        return new Region(top, left, seen.Max(at => at / columns) - top + 1, seen.Max(at => at % columns) - left + 1);
    }

    private static IEnumerable<int> Neighbours(int at, int rows, int columns)
    {
        if (at >= columns) yield return at - columns;
        if (at / columns < rows - 1) yield return at + columns;
        if (at % columns > 0) yield return at - 1;
        if (at % columns < columns - 1) yield return at + 1;
    }

    private Region Limited(Region region, float[] map, int rows, int columns)
    {
        var largest = LargestShare * rows * columns;
        if (region.Area <= largest) return region;
        var shrink = Math.Sqrt(largest / region.Area);
        var (height, width) = (Math.Max(1, (int)(region.Height * shrink)), Math.Max(1, (int)(region.Width * shrink)));
        return Windows(region, height, width).MaxBy(window => Sum(map, columns, window));
    }

    private static IEnumerable<Region> Windows(Region frame, int height, int width)
    {
        for (var top = frame.Top; top + height <= frame.Top + frame.Height; top++)
            for (var left = frame.Left; left + width <= frame.Left + frame.Width; left++)
                yield return new Region(top, left, height, width);
    }

    private static double Sum(float[] map, int columns, Region region)
    {
        var sum = 0.0;
        for (var row = region.Top; row < region.Top + region.Height; row++)
            foreach (var value in map.AsSpan(row * columns + region.Left, region.Width)) sum += value;
        return sum;
    }

    private static void Clear(float[] map, int columns, Region region)
    {
        for (var row = region.Top; row < region.Top + region.Height; row++) map.AsSpan(row * columns + region.Left, region.Width).Clear();
    }
}
