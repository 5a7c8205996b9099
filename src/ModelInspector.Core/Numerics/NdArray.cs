using System.Collections.Immutable;

namespace ModelInspector.Numerics;

/// <summary>A float32 array of any rank, row-major: what maps, images and activations are where no tensor may go.</summary>
public sealed class NdArray
{
    /// <summary>An array over <paramref name="values"/>, which is not copied.</summary>
    /// <exception cref="ArgumentException">The length is not the product of the shape.</exception>
    public NdArray(ImmutableArray<int> shape, float[] values)
    {
        if (values.Length != shape.Aggregate(1L, (product, size) => product * size))
            throw new ArgumentException($"{values.Length} values do not make shape ({string.Join(", ", shape)}).", nameof(values));
        (Shape, Values) = (shape, values);
    }

    /// <summary>An array of zeros.</summary>
    public NdArray(params ImmutableArray<int> shape) : this(shape, new float[shape.Aggregate(1, (product, size) => checked(product * size))])
    {
    }

    /// <summary>Sizes, slowest first.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Row-major storage.</summary>
    public float[] Values { get; }

    /// <summary>Elements behind one index of the first axis.</summary>
    public int Stride => Shape[0] == 0 ? 0 : Values.Length / Shape[0];

    /// <summary>The block behind one index of the first axis, writable.</summary>
    public Span<float> this[int first] => Values.AsSpan(first * Stride, Stride);
}
