namespace ModelInspector.Datasets.Phantom;

/// <summary>When a slice is scanned, counted from the injection of contrast agent. The class that the sample models tell.</summary>
public enum ContrastPhase
{
    /// <summary>Before the injection.</summary>
    NonContrast,

    /// <summary>About 35 s: aorta brightest, renal cortex bright, medulla and veins still dark.</summary>
    Arterial,

    /// <summary>About 70 s: liver and portal veins brightest, cortex still brighter than medulla.</summary>
    PortalVenous,

    /// <summary>About 100 s: cortex and medulla equal.</summary>
    Nephrographic,

    /// <summary>After minutes: everything washes out, the renal pelvis fills with contrast agent.</summary>
    Excretory,
}
