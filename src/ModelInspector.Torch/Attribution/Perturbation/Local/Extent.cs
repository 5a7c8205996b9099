using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>Where parts of a layer lie, one for each window of a group and all of the same size, so that they can be run together.</summary>
/// <param name="Starts">First positions, by axis and by a window's place in the group.</param>
/// <param name="Length">Positions along each axis.</param>
internal sealed record Extent(long[][] Starts, long[] Length)
{
    /// <summary>Whether both are the same positions.</summary>
    public bool IsSame(Extent other) => Length.AsSpan().SequenceEqual(other.Length) && Starts.Zip(other.Starts, (one, its) => one.AsSpan().SequenceEqual(its)).All(same => same);
}

/// <summary>What a layer gives under each window of a run, where it is not what it gives without one.</summary>
/// <param name="Values">(windows, channels, positions…).</param>
/// <param name="At">Where these positions lie.</param>
internal sealed record Patch(Tensor Values, Extent At);
