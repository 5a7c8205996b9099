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

    /// <summary>The input positions that a stretch of output positions reads, padding left out.</summary>
    public Stretch Read(Stretch output, long inputs) => output.To <= output.From
        ? new(inputs, 0)
        : new(Math.Clamp((output.From * Stride) - Begin, 0, inputs), Math.Clamp(((output.To - 1) * Stride) - Begin + Reach, 0, inputs));

    private static long Floor(long value, long by) => (long)Math.Floor(value / (double)by);

    private static long Ceiling(long value, long by) => (long)Math.Ceiling(value / (double)by);
}
