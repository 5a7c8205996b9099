using System.Collections.Frozen;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ModelInspector.Activations;

/// <summary>The element types that are read from <c>.npy</c> files, and how each becomes float32.</summary>
internal sealed record NpyElements(int Size, NpyElements.Conversion Convert)
{
    public delegate void Conversion(ReadOnlySpan<byte> from, Span<float> to);

    private static readonly FrozenDictionary<string, NpyElements> Known = new Dictionary<string, NpyElements>
    {
        ["<f4"] = Of<float>(),
        ["<f8"] = new(8, Doubles),
        ["<f2"] = Of<Half>(),
        ["|i1"] = Of<sbyte>(),
        ["<i2"] = Of<short>(),
        ["<i4"] = Of<int>(),
        ["<i8"] = Of<long>(),
        ["|u1"] = Of<byte>(),
        ["<u2"] = Of<ushort>(),
        ["<u4"] = Of<uint>(),
        ["<u8"] = Of<ulong>(),
        ["|b1"] = new(1, Booleans),
    }.ToFrozenDictionary();

    public static NpyElements Find(string type, string name)
    {
        if (Known.TryGetValue(type, out var found) || Known.TryGetValue(type.Replace('<', '|'), out found)) return found;
        throw new InputException(type switch
        {
            ['>', ..] => $"{name} is big-endian ({type}); expected little-endian. Save it again: `numpy.save(file, array.astype('<f4'))`.",
            "|O" => $"{name} holds Python objects; expected numbers. Save it again: `numpy.save(file, numpy.array(values, dtype='f4'))`.",
            _ => $"{name} holds elements of type `{type}`; expected float, integer or bool. Save it again: `numpy.save(file, array.astype('f4'))`.",
        });
    }

    private static NpyElements Of<T>() where T : unmanaged, INumber<T> =>
        new(Marshal.SizeOf<T>(), (from, to) => TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, T>(from), to));

    // A finite double beyond float32 would silently become infinite.
    private static void Doubles(ReadOnlySpan<byte> from, Span<float> to)
    {
        var values = MemoryMarshal.Cast<byte, double>(from);
        TensorPrimitives.ConvertTruncating(values, to);
        for (var i = 0; i < to.Length; i++)
            if (float.IsInfinity(to[i]) && double.IsFinite(values[i]))
                throw new OverflowException($"the value {values[i]:g6} is beyond float32");
    }

    private static void Booleans(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = from[i] == 0 ? 0 : 1;
    }
}
