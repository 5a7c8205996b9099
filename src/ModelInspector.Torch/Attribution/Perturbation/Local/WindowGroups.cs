namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// Divides windows by place. Those that run together pay for the one that changes most, so windows at the border, which change less,
/// are better kept apart; but every run has a cost of its own.
/// </summary>
internal static class WindowGroups
{
    /// <summary>Groups that together hold each window once.</summary>
    /// <param name="places">Places along each axis.</param>
    /// <param name="cost">What a group costs.</param>
    public static List<WindowGroup> Of(int[] places, Func<WindowGroup, double> cost)
    {
        int[][][] axes = [.. places.Select(count => new[] { Enumerable.Range(0, count).ToArray() })];
        for (var least = Cost(axes, cost); ;)
        {
            var (divided, less) = Divisions(axes).Select(division => (division, Cost(division, cost))).DefaultIfEmpty((axes, least)).MinBy(division => division.Item2);
            if (less >= least) return [.. Groups(axes)];
            (axes, least) = (divided, less);
        }
    }

    private static double Cost(int[][][] axes, Func<WindowGroup, double> cost) => Groups(axes).Sum(cost);

    private static IEnumerable<WindowGroup> Groups(int[][][] axes) =>
        axes.Aggregate(Enumerable.Repeat(Array.Empty<int[]>(), 1), (groups, axis) => groups.SelectMany(group => axis.Select(part => (int[][])[.. group, part]))).Select(group => new WindowGroup(group));

    // Every way to divide one part of one axis in two.
    private static IEnumerable<int[][][]> Divisions(int[][][] axes) =>
        from axis in Enumerable.Range(0, axes.Length)
        from part in Enumerable.Range(0, axes[axis].Length)
        from at in Enumerable.Range(1, axes[axis][part].Length - 1)
        select (int[][][])[.. axes[..axis], [.. axes[axis][..part], axes[axis][part][..at], axes[axis][part][at..], .. axes[axis][(part + 1)..]], .. axes[(axis + 1)..]];
}
