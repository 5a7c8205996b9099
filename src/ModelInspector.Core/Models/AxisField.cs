namespace ModelInspector.Models;

/// <summary>
/// What positions along one axis of a layer's output see of one axis of the network's input: position <c>i</c> sees from
/// <c>Offset + i · Stride</c> on, <c>Size</c> positions. Before the input's first position, or behind its last, lies padding.
/// Whole numbers, but where a layer enlarged the image.
/// </summary>
/// <param name="Size">Input positions that one output position sees, padding included.</param>
/// <param name="Stride">Input positions from one output position to the next.</param>
/// <param name="Offset">First input position that output position 0 sees; negative where that is padding.</param>
public sealed record AxisField(double Size, double Stride, double Offset)
{
    private const double Rounding = 1e-3;

    /// <summary>First and last input position that an output position sees, both included; padding is not cut off.</summary>
    public (long First, long Last) At(long position)
    {
        var first = Offset + (position * Stride);
        return ((long)Math.Floor(first + Rounding), (long)Math.Ceiling(first + Size - 1 - Rounding));
    }
}
