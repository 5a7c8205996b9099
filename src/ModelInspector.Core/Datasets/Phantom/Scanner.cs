using System.Collections.Immutable;

namespace ModelInspector.Datasets.Phantom;

/// <summary>What a scanner does to a slice.</summary>
/// <param name="Name">Value of the <c>scanner</c> column.</param>
/// <param name="Offset">Calibration error, in Hounsfield units.</param>
/// <param name="Noise">Standard deviation of the noise behind an average patient, in Hounsfield units.</param>
/// <param name="Blur">Weight of the four neighbours against the pixel itself in the point spread: 0 is sharp.</param>
public sealed record Scanner(string Name, double Offset, double Noise, double Blur)
{
    /// <summary>The four scanners of the sample.</summary>
    public static ImmutableArray<Scanner> All { get; } =
        [new("A", 0, 9, 0.10), new("B", 7, 12, 0.16), new("C", -9, 15, 0.20), new("D", 4, 11, 0.06)];
}
