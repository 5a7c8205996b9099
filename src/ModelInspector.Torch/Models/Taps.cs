namespace ModelInspector.Models;

/// <summary>Taps that are needed in several places.</summary>
public static class Taps
{
    /// <summary>
    /// Looks at every layer and changes nothing. A layer that is looked at is run as the file has it, so a run under this tap is exact, where one without any may
    /// run layers together (a batch normalisation inside its convolution) and differ by rounding.
    /// </summary>
    public static Tap Everything { get; } = (_, _, _) => null;
}
