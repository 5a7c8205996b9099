using System.Collections.Immutable;

namespace ModelInspector.Datasets.Phantom;

/// <summary>
/// Attenuation in Hounsfield units: of every tissue before the injection, and what contrast agent adds to the first eight in each phase.
/// Rounded from the ranges that radiology texts give for a 120 kV scan and a weight-adapted dose. Simplified on purpose:
/// muscle, bowel wall and bone stay as they are, so that the organs listed here are the only cause of a phase.
/// </summary>
public static class Enhancement
{
    /// <summary>The tissues that contrast agent reaches.</summary>
    public static ImmutableArray<Tissue> Tissues { get; } =
        [Tissue.Artery, Tissue.CavalVein, Tissue.PortalVein, Tissue.Liver, Tissue.Spleen, Tissue.Cortex, Tissue.Medulla, Tissue.Pelvis];

    // Non-contrast, arterial, portal-venous, nephrographic, excretory.
    private static readonly double[][] Added =
    [
        [0, 270, 125, 85, 42],   // artery
        [0, 25, 90, 88, 42],     // caval vein
        [0, 55, 135, 100, 45],   // portal vein
        [0, 10, 55, 44, 22],     // liver
        [0, 85, 78, 62, 34],     // spleen
        [0, 140, 155, 140, 82],  // cortex
        [0, 25, 80, 140, 86],    // medulla
        [0, 0, 2, 15, 520],      // pelvis
    ];

    /// <summary>Attenuation without contrast agent, in Hounsfield units.</summary>
    public static double Plain(Tissue tissue) => tissue switch
    {
        Tissue.Artery or Tissue.CavalVein or Tissue.PortalVein => 42,
        Tissue.Liver => 58,
        Tissue.Spleen => 48,
        Tissue.Cortex => 34,
        Tissue.Medulla => 30,
        Tissue.Pelvis => 6,
        Tissue.Air => -1000,
        Tissue.Skin => 10,
        Tissue.Fat => -102,
        Tissue.Muscle => 54,
        Tissue.CompactBone => 520,
        Tissue.SpongyBone => 190,
        Tissue.Cord => 30,
        Tissue.BowelWall => 42,
        Tissue.Fluid => 10,
        Tissue.Faeces => -60,
        Tissue.OralContrast => 210,
        _ => 20,
    };

    /// <summary>What contrast agent adds to <paramref name="tissue"/> in <paramref name="phase"/>, in Hounsfield units; 0 for all other tissues.</summary>
    /// <param name="tissue">The tissue.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="late">How far the scan is off its time, as a fraction of the way to the next (positive) or previous (negative) phase.</param>
    public static double In(Tissue tissue, ContrastPhase phase, double late = 0)
    {
        if ((int)tissue >= Added.Length || phase == ContrastPhase.NonContrast) return 0;
        var curve = Added[(int)tissue];
        var next = Math.Clamp((int)phase + Math.Sign(late), (int)ContrastPhase.Arterial, (int)ContrastPhase.Excretory);
        return curve[(int)phase] + Math.Abs(late) * (curve[next] - curve[(int)phase]);
    }
}
