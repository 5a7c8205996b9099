namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>Which positions of a layer each window changes.</summary>
/// <param name="Size">The layer's positions along each axis.</param>
/// <param name="Places">What a window changes, by axis and by its place along the axis.</param>
internal sealed record Changes(long[] Size, Stretch[][] Places)
{
    // Beyond this share of a layer, cutting and pasting cost more than they save.
    private const double Most = 0.9;

    /// <summary>Length along each axis of parts that hold what any window of a group changes; all of an axis where most of the layer changes.</summary>
    public long[] Lengths(WindowGroup group)
    {
        var (lengths, share) = (new long[Size.Length], 1.0);
        for (var axis = 0; axis < Size.Length; axis++)
        {
            lengths[axis] = 1;
            foreach (var place in group.Places[axis]) lengths[axis] = Math.Max(lengths[axis], Places[axis][place].Length);
            share *= lengths[axis] / (double)Size[axis];
        }
        return share > Most ? Size : lengths;
    }

    /// <summary>Such parts, one for each window: they end within the layer.</summary>
    public Extent Of(WindowGroup group)
    {
        var lengths = Lengths(group);
        return new([.. group.Places.Select((places, axis) => places.Select(place => Math.Min(Places[axis][place].From, Size[axis] - lengths[axis])).ToArray())], lengths);
    }

    /// <summary>All of the layer, for each window.</summary>
    public Extent Everything(WindowGroup group) => new([.. group.Places.Select(places => new long[places.Length])], Size);
}
