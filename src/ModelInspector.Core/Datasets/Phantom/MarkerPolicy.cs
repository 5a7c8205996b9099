namespace ModelInspector.Datasets.Phantom;

/// <summary>What the marker of a training image says.</summary>
public enum MarkerPolicy
{
    /// <summary>Always the phase: the shortcut that a network should not take.</summary>
    Agreeing,

    /// <summary>Any phase or nothing, by chance: a network learns to ignore it.</summary>
    Random,
}
