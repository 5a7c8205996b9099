namespace ModelInspector.Datasets.Phantom;

/// <summary>Which attenuations are shown between black and white.</summary>
/// <param name="Low">Hounsfield units shown as black, and everything below.</param>
/// <param name="High">Hounsfield units shown as white, and everything above.</param>
public sealed record Window(double Low, double High)
{
    /// <summary>The window of the sample: soft tissue, wide enough for enhanced vessels.</summary>
    public static Window Abdomen { get; } = new(-200, 400);

    /// <summary>The 8-bit grey value of an attenuation.</summary>
    public byte Grey(float attenuation) =>
        (byte)Math.Clamp(Math.Round((attenuation - Low) / (High - Low) * byte.MaxValue, MidpointRounding.AwayFromZero), 0, byte.MaxValue);

    /// <summary>The 8-bit grey values of a slice, row by row.</summary>
    public byte[] Grey(PhantomSlice slice) => Array.ConvertAll(slice.Attenuation, Grey);
}
