namespace ModelInspector.Datasets.Phantom;

/// <summary>
/// A slice as the scanner's grid sees it, before any contrast agent: attenuation of everything, and how much of each pixel each enhancing
/// tissue fills. Both are linear, so the slice of a phase is <c>plain + Σ coverage · enhancement</c>, and nothing else can depend on the phase.
/// </summary>
internal sealed class Raster
{
    private const int Samples = 3;
    private readonly float[]?[] coverage = new float[Enhancement.Tissues.Length][];

    private Raster(Patient patient, Anatomy anatomy, int size)
    {
        Plain = new float[size * size];
        var pixel = FieldOfView(anatomy) / size;
        var reachable = new List<(Region Region, Tissue Tissue)>();
        for (var row = 0; row < size; row++)
            for (var sample = 0; sample < Samples; sample++)
            {
                var y = (row + (sample + 0.5) / Samples - size / 2.0) * pixel;
                reachable.Clear();
                reachable.AddRange(anatomy.Organs.Where(organ => y >= organ.Region.Top && y <= organ.Region.Bottom).Reverse());
                DrawLine(patient, reachable, row * size, size, y, pixel);
            }
        Blur(patient.Scanner.Blur, size);
    }

    /// <summary>Attenuation without contrast agent, in Hounsfield units.</summary>
    public float[] Plain { get; }

    /// <summary>Share of each pixel that a tissue fills, after the scanner's blur; null when the slice does not meet the tissue.</summary>
    public float[]? Coverage(Tissue tissue) => coverage[(int)tissue];

    public static Raster Of(Patient patient, int size) => new(patient, Anatomy.Of(patient), size);

    // The field of view is set to the patient, as it is in practice, with room for the corners.
    private static double FieldOfView(Anatomy anatomy) => 2.32 * (anatomy.Trunk.Cavity.Width + 28);

    private void DrawLine(Patient patient, List<(Region Region, Tissue Tissue)> organs, int start, int size, double y, double pixel)
    {
        const float Share = 1f / (Samples * Samples);
        for (var i = 0; i < size * Samples; i++)
        {
            var tissue = At((((i + 0.5) / Samples) - size / 2.0) * pixel, y, organs);
            var at = start + i / Samples;
            Plain[at] += Share * (float)patient.Plain(tissue);
            if ((int)tissue < coverage.Length) (coverage[(int)tissue] ??= new float[Plain.Length])[at] += Share;
        }
    }

    private static Tissue At(double x, double y, List<(Region Region, Tissue Tissue)> organs)
    {
        foreach (var (region, tissue) in organs)
            if (region.Contains(x, y)) return tissue;
        return Tissue.Air;
    }

    private void Blur(double weight, int size)
    {
        Grid.Blur(Plain, size, weight);
        foreach (var tissue in coverage)
            if (tissue is not null) Grid.Blur(tissue, size, weight);
    }
}
