namespace ModelInspector.Models.Onnx;

/// <summary>Keeps a small file from asking for a huge tensor.</summary>
internal static class Sizes
{
    /// <summary>The most elements that a tensor may have: 8 GB as float32.</summary>
    public const long Most = 1L << 31;

    /// <summary>A shape that was computed or declared, if a tensor of it can be had.</summary>
    /// <exception cref="InputException">A size is negative, or there are too many elements.</exception>
    public static long[] Allowed(params long[] shape)
    {
        var elements = 1L;
        foreach (var size in shape)
        {
            if (size < 0) throw new InputException($"a tensor of shape ({string.Join(", ", shape)}) cannot be: sizes are not negative");
            if (size > 0 && elements > Most / size)
                throw new InputException($"a tensor of shape ({string.Join(", ", shape)}) is too large: at most {Most:N0} elements are allowed");
            elements *= Math.Max(1, size);
        }
        return shape;
    }
}
