namespace ModelInspector.Datasets.Phantom;

/// <summary>One drawn patient: build, slice level and how the body takes up contrast agent. Everything follows from seed and number.</summary>
/// <param name="Seed">Seed of the whole set.</param>
/// <param name="Number">Which patient of the set.</param>
public sealed record Patient(ulong Seed, int Number)
{
    private readonly double[] uptake = Uptakes(Stream(Seed, Number, 1));

    /// <summary>Value of the <c>patient</c> column.</summary>
    public string Name => $"P{Number:000}";

    /// <summary>Where the slice lies: 0 at the upper poles of the kidneys, 1 at their lower poles.</summary>
    public double Level { get; } = Stream(Seed, Number, 2).Between(0, 1);

    /// <summary>From lean (0) to stout (1).</summary>
    public double Stoutness { get; } = Stream(Seed, Number, 3).Between(0, 1);

    /// <summary>How fat the liver is, in Hounsfield units that it lies below a healthy one.</summary>
    public double FattyLiver { get; } = Math.Max(0, Stream(Seed, Number, 4).Around(4, 12));

    /// <summary>How far every scan is off its time; see <see cref="Enhancement.In"/>.</summary>
    public double Late { get; } = Stream(Seed, Number, 5).Between(-0.12, 0.12);

    /// <summary>The scanner that this patient lies in.</summary>
    public Scanner Scanner { get; } = Scanner.All[Stream(Seed, Number, 6).Below(Scanner.All.Length)];

    /// <summary>What contrast agent adds to a tissue of this patient, in Hounsfield units.</summary>
    public double Uptake(Tissue tissue, ContrastPhase phase) =>
        (int)tissue < uptake.Length ? uptake[(int)tissue] * Enhancement.In(tissue, phase, Late) : 0;

    /// <summary>Attenuation of a tissue of this patient without contrast agent, in Hounsfield units.</summary>
    public double Plain(Tissue tissue) => Enhancement.Plain(tissue) - (tissue == Tissue.Liver ? FattyLiver : 0);

    /// <summary>A stream of random numbers for one part of this patient.</summary>
    internal Dice Dice(ulong part) => Stream(Seed, Number, part);

    private static Dice Stream(ulong seed, int number, ulong part) => new(seed, ((ulong)number << 16) + part);

    // One factor for dose and circulation, and a smaller one for each organ.
    private static double[] Uptakes(Dice dice)
    {
        var dose = dice.Around(1, 0.08);
        return [.. Enhancement.Tissues.Select(_ => dose * dice.Around(1, 0.04))];
    }
}
