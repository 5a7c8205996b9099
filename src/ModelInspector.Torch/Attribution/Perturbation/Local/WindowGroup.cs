namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>Windows that are run alike: those at some places along each axis, the last axis running fastest.</summary>
/// <param name="Places">Places along each axis, in order.</param>
internal sealed record WindowGroup(int[][] Places)
{
    /// <summary>Windows.</summary>
    public int Count => Places.Aggregate(1, (count, places) => count * places.Length);

    /// <summary>The place within the group of each window of a range, by axis.</summary>
    public int[][] At(int from, int count)
    {
        var at = Places.Select(_ => new int[count]).ToArray();
        for (var window = 0; window < count; window++)
            for (var (axis, rest) = (at.Length - 1, from + window); axis >= 0; rest /= Places[axis--].Length)
                at[axis][window] = rest % Places[axis].Length;
        return at;
    }

    /// <summary>The number among all windows of each one of a range.</summary>
    /// <param name="at">Its place within the group, by axis.</param>
    /// <param name="windows">All windows.</param>
    public IEnumerable<long> Numbers(int[][] at, OcclusionWindows windows) => Enumerable.Range(0, at[0].Length).Select(window =>
        Enumerable.Range(0, at.Length).Aggregate(0L, (number, axis) => (number * windows.Starts[axis].Length) + Places[axis][at[axis][window]]));
}
