namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>A convolution or pool along one axis: output position i reads input positions from i · stride − begin on, <paramref name="Reach"/> of them.</summary>
internal readonly record struct Slide(long Reach, long Stride, long Begin)
{
    /// <summary>The output positions that read some position of a stretch.</summary>
    public Stretch Changed(Stretch input, long outputs)
    {
        var first = Ceiling(input.From + Begin - Reach + 1, Stride);
        var last = Floor(input.To - 1 + Begin, Stride);
        var from = Math.Clamp(first, 0, outputs);
        return new(from, Math.Clamp(last + 1, from, outputs));
    }

    private static long Floor(long value, long by) => (long)Math.Floor(value / (double)by);

    private static long Ceiling(long value, long by) => (long)Math.Ceiling(value / (double)by);
}
