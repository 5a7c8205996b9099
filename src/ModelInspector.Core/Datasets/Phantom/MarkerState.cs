namespace ModelInspector.Datasets.Phantom;

/// <summary>How the burned-in marker of an image relates to its phase.</summary>
public enum MarkerState
{
    /// <summary>It names the phase of the image.</summary>
    Agrees,

    /// <summary>It names another phase.</summary>
    Contradicts,

    /// <summary>There is none.</summary>
    Absent,
}
