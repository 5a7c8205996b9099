namespace ModelInspector.Datasets.Phantom;

/// <summary>
/// The organs of one patient in one slice, the ones in front last. Lengths are millimetres; the patient lies on the back and is seen
/// from the feet, so the liver is at the image's left and the spine at the bottom.
/// </summary>
internal sealed class Anatomy
{
    private readonly List<(Region Region, Tissue Tissue)> organs = [];

    private Anatomy(Patient patient)
    {
        Trunk = new Trunk(patient);
        Trunk.Draw(this);
        new Gut(patient, Trunk).Draw(this);
        new UpperOrgans(patient, Trunk).Draw(this);
        new Kidney(patient, Trunk, right: true).Draw(this);
        new Kidney(patient, Trunk, right: false).Draw(this);
        new Vessels(patient, Trunk).Draw(this);
    }

    public Trunk Trunk { get; }

    /// <summary>Every organ in the order of drawing: a later one covers an earlier one.</summary>
    public IReadOnlyList<(Region Region, Tissue Tissue)> Organs => organs;

    public static Anatomy Of(Patient patient) => new(patient);

    public void Add(Tissue tissue, Region region) => organs.Add((region, tissue));

    public void Add(Tissue tissue, Blob blob) => Add(tissue, blob.Region());
}
