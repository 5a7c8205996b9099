using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Two maps of one image over the same positions, such as before and after the network's weights were replaced.</summary>
public sealed class MapPair
{
    /// <summary>Puts two maps together.</summary>
    /// <param name="one">(H, W) or (D, H, W), raw.</param>
    /// <param name="other">Same shape.</param>
    /// <exception cref="InputException">The shapes differ.</exception>
    public MapPair(NdArray one, NdArray other)
    {
        if (!one.Shape.SequenceEqual(other.Shape)) throw new InputException(
            $"One map is ({string.Join(", ", one.Shape)}), the other ({string.Join(", ", other.Shape)}); expected the same shape. Compare maps of one layer.");
        (One, Other, Undefined) = (one, other, Reason(one.Values) ?? Reason(other.Values));
    }

    /// <summary>The first map.</summary>
    public NdArray One { get; }

    /// <summary>The second map.</summary>
    public NdArray Other { get; }

    /// <summary>Why the two cannot be compared; null if they can.</summary>
    public string? Undefined { get; }

    private static string? Reason(float[] values) =>
        values.AsSpan().IndexOfAnyExcept(0f) < 0 ? "a map is zero everywhere"
        : Array.Exists(values, value => !float.IsFinite(value)) ? "a map holds NaN or infinity"
        : null;
}
