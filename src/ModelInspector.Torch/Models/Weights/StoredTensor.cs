using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>A named tensor in a weights file, not read yet.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Read">Reads it; the tensor belongs to the caller.</param>
internal sealed record StoredTensor(ScalarType Type, ImmutableArray<long> Shape, Func<Tensor> Read)
{
    private const int Part = 1 << 20;

    /// <summary>Bytes of one element; 0 for a type that weights cannot have.</summary>
    public static int SizeOf(ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => 0,
    };

    /// <summary>Bytes of a tensor; null where that is no size that a file can have.</summary>
    public static long? BytesOf(ScalarType type, IEnumerable<long> shape)
    {
        Int128 bytes = SizeOf(type);
        foreach (var size in shape)
        {
            if (size < 0 || bytes * size > long.MaxValue) return null;
            bytes *= size;
        }
        return SizeOf(type) == 0 ? null : (long)bytes;
    }

    /// <summary>A tensor whose values lie at a place in a file, row by row.</summary>
    public static Tensor At(string path, ScalarType type, ImmutableArray<long> shape, long place)
    {
        using var file = File.OpenRead(path);
        file.Position = place;
        using var flat = Filled(type, shape.Aggregate(1L, (count, side) => count * side), file);
        return flat.reshape([.. shape]);
    }

    /// <summary>A flat tensor filled from a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream holds less.</exception>
    public static Tensor Filled(ScalarType type, long count, Stream from)
    {
        var tensor = empty([count], type);
        try
        {
            for (var start = 0L; start < count; start += Part)
            {
                using var part = tensor.narrow(0, start, Math.Min(Part, count - start));
                from.ReadExactly(part.bytes);
            }
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }
}
