using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>Resizes maps to the input's positions.</summary>
public static class Resize
{
    /// <summary>Linear interpolation over the last axes (bilinear for images, trilinear for volumes), corners not aligned.</summary>
    /// <param name="maps">(samples, rows, columns) or (samples, slices, rows, columns).</param>
    /// <param name="size">Positions wanted: (rows, columns) or (slices, rows, columns).</param>
    /// <exception cref="InputException">The map has no such positions (a vector, tokens).</exception>
    public static Tensor To(Tensor maps, long[] size)
    {
        if (maps.Dimensions != size.Length + 1)
            throw new InputException($"A map of shape ({string.Join(", ", maps.shape)}) cannot be resized to ({string.Join(", ", size)}): "
                + "it needs one axis for samples and the same number of positions' axes. Choose a layer with rows and columns.");
        return nn.functional.interpolate(maps.unsqueeze(1), size: size, mode: Linear(size.Length), align_corners: false).squeeze(1);
    }

    /// <summary>The name of linear interpolation over so many axes.</summary>
    internal static InterpolationMode Linear(int axes) => axes switch { 1 => InterpolationMode.Linear, 2 => InterpolationMode.Bilinear, _ => InterpolationMode.Trilinear };
}
