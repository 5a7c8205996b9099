using ModelInspector.Numerics;
using ModelInspector.Report.Sections;

namespace ModelInspector.Report.Tests;

public sealed class AlignmentTests
{
    private static readonly NdArray Shape = new([5, 2], [0, 0, 4, 0, 4, 1, 1, 3, 0, 2]);

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(2.8, 1)]
    [InlineData(-1.1, -1)]
    [InlineData(3.1, -1)]
    public void A_map_that_was_turned_mirrored_and_moved_lies_like_the_one_before(double angle, int side)
    {
        var moved = Move(Shape, angle, side);
        Alignment.Align(moved, Shape, turn: true);
        var (dx, dy) = (moved.Values[0] - Shape.Values[0], moved.Values[1] - Shape.Values[1]);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Shape[i][0] + dx, moved[i][0], 4);
            Assert.Equal(Shape[i][1] + dy, moved[i][1], 4);
        }
    }

    [Fact]
    public void Distances_stay_as_they_were()
    {
        var other = new NdArray([5, 2], [7, 1, -3, 2, 0, 5, 2, 2, 9, -4]);
        var before = Distances(other);
        Alignment.Align(other, Shape, turn: true);
        Assert.All(before.Zip(Distances(other)), pair => Assert.Equal(pair.First, pair.Second, 4));
    }

    [Fact]
    public void Principal_axes_are_mirrored_but_never_turned()
    {
        var mirrored = new NdArray([5, 2], [.. Shape.Values.Select((value, i) => i % 2 == 0 ? -value : value)]);
        Alignment.Align(mirrored, Shape, turn: false);
        Assert.Equal(Shape.Values, mirrored.Values);
    }

    [Fact]
    public void Points_without_a_place_and_maps_of_one_dimension_do_no_harm()
    {
        var holes = new NdArray([5, 2], [float.NaN, 0, .. Shape.Values.Skip(2)]);
        Alignment.Align(holes, Shape, turn: true);
        Assert.Equal(8, holes.Values.Skip(2).Count(float.IsFinite));
        var line = new NdArray([2, 1], [1, 2]);
        Alignment.Align(line, line, turn: true);
        Assert.Equal([1f, 2f], line.Values);
    }

    private static NdArray Move(NdArray points, double angle, int side)
    {
        var moved = new NdArray(points.Shape);
        for (var i = 0; i < points.Shape[0]; i++)
        {
            var (x, y) = (points[i][0], side * points[i][1]);
            moved[i][0] = (float)(Math.Cos(angle) * x - Math.Sin(angle) * y + 3);
            moved[i][1] = (float)(Math.Sin(angle) * x + Math.Cos(angle) * y - 2);
        }
        return moved;
    }

    private static double[] Distances(NdArray points) =>
        [.. from a in Enumerable.Range(0, 5) from b in Enumerable.Range(0, a) select double.Hypot(points[a][0] - points[b][0], points[a][1] - points[b][1])];
}
