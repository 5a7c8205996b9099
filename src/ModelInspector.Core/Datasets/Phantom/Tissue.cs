namespace ModelInspector.Datasets.Phantom;

/// <summary>What a point of a slice consists of. The first eight take up contrast agent; the others never change with the phase.</summary>
public enum Tissue
{
    /// <summary>Aorta and the arteries that leave it.</summary>
    Artery,

    /// <summary>Inferior vena cava and renal veins.</summary>
    CavalVein,

    /// <summary>Portal and mesenteric veins, hepatic veins.</summary>
    PortalVein,

    /// <summary>Liver.</summary>
    Liver,

    /// <summary>Spleen.</summary>
    Spleen,

    /// <summary>Renal cortex.</summary>
    Cortex,

    /// <summary>Renal medulla: the pyramids.</summary>
    Medulla,

    /// <summary>Renal pelvis and calyces.</summary>
    Pelvis,

    /// <summary>Air around the patient and gas in the bowel.</summary>
    Air,

    /// <summary>Skin.</summary>
    Skin,

    /// <summary>Fat.</summary>
    Fat,

    /// <summary>Muscle.</summary>
    Muscle,

    /// <summary>Dense outer bone, and calcified plaques.</summary>
    CompactBone,

    /// <summary>Spongy inner bone.</summary>
    SpongyBone,

    /// <summary>Spinal canal.</summary>
    Cord,

    /// <summary>Wall of stomach and bowel.</summary>
    BowelWall,

    /// <summary>Fluid in stomach, bowel and gall bladder.</summary>
    Fluid,

    /// <summary>Solid bowel content.</summary>
    Faeces,

    /// <summary>Contrast agent that was swallowed: bright in any phase.</summary>
    OralContrast,

    /// <summary>The scanner's table.</summary>
    Table,
}
