using System.Numerics;
using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>Converts elements as a file stores them to those we compute with.</summary>
internal static class Stored
{
    /// <summary>Whether the elements need no conversion.</summary>
    public static bool IsAsComputed(ElementType type) =>
        type is ElementType.Float32 or ElementType.UInt8 or ElementType.Int8 or ElementType.Int16 or ElementType.Int32
            or ElementType.Int64 or ElementType.UInt64;

    public static void Convert(ElementType type, ReadOnlySpan<byte> stored, Span<byte> computed)
    {
        switch (type)
        {
            case ElementType.Float16: Map<Half, float>(stored, computed, value => (float)value); break;
            case ElementType.BFloat16: Map<ushort, float>(stored, computed, bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)); break;
            case ElementType.Float64: Map<double, float>(stored, computed, value => (float)value); break;
            case ElementType.UInt16: Map<ushort, int>(stored, computed, value => value); break;
            case ElementType.UInt32: Map<uint, long>(stored, computed, value => value); break;
            case ElementType.Bool: Map<byte, byte>(stored, computed, value => value == 0 ? (byte)0 : (byte)1); break;
            default: throw new InvalidOperationException($"{type} is not converted.");
        }
    }

    public static bool HasNaN(ReadOnlySpan<float> values)
    {
        var whole = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in whole)
            if (!Vector.EqualsAll(vector, vector)) return true;
        foreach (var value in values[(whole.Length * Vector<float>.Count)..])
            if (float.IsNaN(value)) return true;
        return false;
    }

    private static void Map<TFrom, TTo>(ReadOnlySpan<byte> from, Span<byte> to, Func<TFrom, TTo> convert)
        where TFrom : struct
        where TTo : struct
    {
        var source = MemoryMarshal.Cast<byte, TFrom>(from);
        var target = MemoryMarshal.Cast<byte, TTo>(to);
        for (var i = 0; i < source.Length; i++) target[i] = convert(source[i]);
    }
}
