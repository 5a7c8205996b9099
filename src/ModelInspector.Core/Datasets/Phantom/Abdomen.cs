namespace ModelInspector.Datasets.Phantom;

/// <summary>A patient on the table: draws the slice of any phase, again and again, from one rasterised anatomy.</summary>
public sealed class Abdomen
{
    private const double NoiseGrain = 0.35;
    private readonly Raster raster;

    /// <summary>Draws the patient's anatomy on a square grid.</summary>
    public Abdomen(Patient patient, int size = 128)
    {
        (Patient, Size, raster) = (patient, size, Raster.Of(patient, size));
        Causal = new bool[size * size];
        foreach (var tissue in Enhancement.Tissues)
            if (raster.Coverage(tissue) is { } coverage)
                for (var i = 0; i < coverage.Length; i++) Causal[i] |= coverage[i] > 0;
    }

    /// <summary>Who it is.</summary>
    public Patient Patient { get; }

    /// <summary>Rows, and columns.</summary>
    public int Size { get; }

    /// <summary>The mask; see <see cref="PhantomSlice.Causal"/>.</summary>
    public bool[] Causal { get; }

    /// <summary>Scans the patient.</summary>
    /// <param name="phase">When; changes the enhancement of the causal organs and nothing else.</param>
    /// <param name="scan">Which of many scans: the same number gives the same noise in every phase.</param>
    public PhantomSlice Scan(ContrastPhase phase, ulong scan)
    {
        var image = Noise(scan);
        for (var i = 0; i < image.Length; i++) image[i] += raster.Plain[i] + (float)Patient.Scanner.Offset;
        foreach (var tissue in Enhancement.Tissues)
            if (raster.Coverage(tissue) is { } coverage)
                Enhance(image, coverage, (float)Patient.Uptake(tissue, phase));
        return new PhantomSlice(Size, image, Causal);
    }

    private static void Enhance(float[] image, float[] coverage, float units)
    {
        for (var i = 0; i < image.Length; i++) image[i] += coverage[i] * units;
    }

    // A stout patient lets fewer photons through. The grain of CT noise is a little coarser than a pixel.
    private float[] Noise(ulong scan)
    {
        var dice = Patient.Dice(1000 + scan);
        var noise = new float[Size * Size];
        for (var i = 0; i < noise.Length; i++) noise[i] = (float)dice.Around(0, 1);
        Grid.Blur(noise, Size, NoiseGrain);
        var deviation = Patient.Scanner.Noise * (0.8 + 0.5 * Patient.Stoutness) * Remaining;
        for (var i = 0; i < noise.Length; i++) noise[i] *= (float)deviation;
        return noise;
    }

    // The blur averages the noise away in two directions; this factor gives the wanted deviation back.
    private static double Remaining => (1 + 2 * NoiseGrain) * (1 + 2 * NoiseGrain) / (1 + 2 * NoiseGrain * NoiseGrain);
}
