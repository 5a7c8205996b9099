using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>Stored data that a pickle refers to.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Count">Number of elements.</param>
internal sealed record PickledStorage(string Key, ScalarType Type, long Count);

/// <summary>A tensor as a pickle describes it: a view of stored data.</summary>
/// <param name="Storage">The data.</param>
/// <param name="Offset">Element that it begins with.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Strides">Elements from one position to the next, by axis.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    private const int MostAxes = 64;

    /// <summary>A view, if it lies inside its data.</summary>
    /// <exception cref="FormatException">It does not.</exception>
    public static PickledTensor Inside(PickledStorage storage, long offset, ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        if (shape.Length != strides.Length || shape.Length > MostAxes || offset < 0 || shape.Any(size => size < 0) || strides.Any(stride => stride < 0))
            throw new FormatException("declares a tensor of an impossible shape");
        var last = shape.Zip(strides, (size, stride) => (Int128)(size - 1) * stride).Aggregate((Int128)offset, (sum, reach) => sum + reach);
        // An axis without stride repeats one value as often as it likes, so that a small file could ask for any amount.
        var count = shape.Aggregate((Int128)1, (product, size) => product * size);
        return shape.Contains(0) || (last < storage.Count && count <= Math.Max(storage.Count, 1)) ? new(storage, offset, shape, strides)
            : throw new FormatException("declares a tensor that is larger than the data stored for it");
    }

    /// <summary>The tensor in a stream of its storage's bytes.</summary>
    /// <param name="opened">Opens the stream, has it read, closes it.</param>
    public StoredTensor In(Func<Func<Stream, Tensor>, Tensor> opened) => new(Storage.Type, Shape, () => opened(From));

    private Tensor From(Stream stream)
    {
        using var flat = StoredTensor.Filled(Storage.Type, Storage.Count, stream);
        using var view = flat.as_strided([.. Shape], [.. Strides], Offset);
        return view.clone();
    }
}
