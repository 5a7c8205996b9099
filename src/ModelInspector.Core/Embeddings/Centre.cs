using System.Numerics.Tensors;

namespace ModelInspector.Embeddings;

/// <summary>A mean in double precision that is taken off rows in single precision: first its nearest single, then what that leaves.</summary>
/// <param name="mean">By column.</param>
internal readonly struct Centre(IReadOnlyCollection<double> mean)
{
    private readonly float[] nearest = [.. mean.Select(value => (float)value)];
    private readonly float[] rest = [.. mean.Select(value => (float)(value - (float)value))];

    /// <summary>Writes a row without the mean to where it shall be.</summary>
    public void Subtract(ReadOnlySpan<float> row, Span<float> into)
    {
        TensorPrimitives.Subtract(row, nearest, into);
        TensorPrimitives.Subtract(into, rest, into);
    }
}
