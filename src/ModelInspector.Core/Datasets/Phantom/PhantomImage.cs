namespace ModelInspector.Datasets.Phantom;

/// <summary>One image of a phantom set, before it is drawn.</summary>
/// <param name="Patient">Who.</param>
/// <param name="Phase">When: the label.</param>
/// <param name="Marker">The phase that the burned-in marker names; null for no marker.</param>
/// <param name="Scan">Which noise.</param>
public sealed record PhantomImage(Patient Patient, ContrastPhase Phase, ContrastPhase? Marker, ulong Scan)
{
    /// <summary>Columns and rows of every image.</summary>
    public const int Size = 128;

    /// <summary>Names of the classes, in the order of <see cref="ContrastPhase"/>.</summary>
    public static IReadOnlyList<string> Classes { get; } = [.. Enum.GetNames<ContrastPhase>().Select(Catalog.Kebab)];

    /// <summary>Name of its file.</summary>
    public string File => $"{Patient.Name}-{Label}.png";

    /// <summary>Its class, as it is written in <c>labels.csv</c>.</summary>
    public string Label => Classes[(int)Phase];

    /// <summary>How marker and phase go together.</summary>
    public MarkerState MarkerState => Marker is null ? MarkerState.Absent : Marker == Phase ? MarkerState.Agrees : MarkerState.Contradicts;

    /// <summary>The 8-bit grey values, row by row.</summary>
    /// <param name="abdomen">The patient's rasterised anatomy, which all images of the patient share.</param>
    public byte[] Draw(Abdomen abdomen)
    {
        var grey = Window.Abdomen.Grey(abdomen.Scan(Phase, Scan));
        if (Marker is { } named) Phantom.Marker.Burn(grey, Size, named);
        return grey;
    }
}
