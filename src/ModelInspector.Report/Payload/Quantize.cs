using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ModelInspector.Numerics;

namespace ModelInspector.Report.Payload;

/// <summary>Small integers for the screen; statistics never pass through here.</summary>
internal static class Quantize
{
    /// <summary>Code of a value that is not finite, or of a sample without a class.</summary>
    public const ushort Missing = ushort.MaxValue;

    /// <summary>
    /// Columns of a row-major array as u16 with one step for all columns, so that shapes keep their proportions:
    /// value = low[column] + step · code, error at most half a step.
    /// </summary>
    public static (JsonObject Description, byte[] Bytes) Unsigned16(NdArray array)
    {
        var columns = array.Shape[^1];
        var low = new double[columns];
        var span = 0d;
        for (var column = 0; column < columns; column++)
        {
            var (least, greatest) = Range(array.Values, column, columns);
            low[column] = least;
            span = Math.Max(span, greatest - least);
        }
        var step = span > 0 ? span / (Missing - 1) : 1;
        var codes = new ushort[array.Values.Length];
        for (var i = 0; i < codes.Length; i++)
            codes[i] = float.IsFinite(array.Values[i]) ? (ushort)Math.Round((array.Values[i] - low[i % columns]) / step) : Missing;
        return (Describe("u16", array, new JsonObject { ["low"] = Numbers(low), ["step"] = step }), Bytes(codes));
    }

    /// <summary>
    /// Maps as signed int8, each with its own scale: value = scale[map] · code / 127, error at most scale / 254; code -128 where the value is not finite.
    /// Layout: one float32 scale a map, then the codes.
    /// </summary>
    public static (JsonObject Description, byte[] Bytes) Signed8(NdArray maps)
    {
        var count = maps.Shape[0];
        var bytes = new byte[4 * count + maps.Values.Length];
        for (var map = 0; map < count; map++)
        {
            var scale = Greatest(maps[map]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * map), scale);
            Codes(maps[map], scale, MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan(4 * count + map * maps.Stride, maps.Stride)));
        }
        return (Describe("i8", maps, []), bytes);
    }

    /// <summary>Statistics as they are: float32.</summary>
    public static (JsonObject Description, byte[] Bytes) Plain(NdArray array)
    {
        var bytes = new byte[4 * array.Values.Length];
        for (var i = 0; i < array.Values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), array.Values[i]);
        return (Describe("f32", array, []), bytes);
    }

    /// <summary>Class numbers as u16; a negative one is missing.</summary>
    public static (JsonObject Description, byte[] Bytes) Labels(IReadOnlyList<int> labels)
    {
        var codes = labels.Select(label => label < 0 ? Missing : (ushort)Math.Min(label, Missing - 1)).ToArray();
        return (new JsonObject { ["type"] = "labels", ["shape"] = new JsonArray(codes.Length) }, Bytes(codes));
    }

    private static JsonObject Describe(string type, NdArray array, JsonObject more)
    {
        more["type"] = type;
        more["shape"] = new JsonArray([.. array.Shape.Select(size => (JsonNode)size)]);
        return more;
    }

    private static (double Least, double Greatest) Range(float[] values, int start, int stride)
    {
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = start; i < values.Length; i += stride)
        {
            if (!float.IsFinite(values[i])) continue;
            least = Math.Min(least, values[i]);
            greatest = Math.Max(greatest, values[i]);
        }
        return least <= greatest ? (least, greatest) : (0, 0);
    }

    private static float Greatest(ReadOnlySpan<float> values)
    {
        var greatest = 0f;
        foreach (var value in values)
            if (float.IsFinite(value)) greatest = Math.Max(greatest, Math.Abs(value));
        return greatest;
    }

    private static void Codes(ReadOnlySpan<float> values, float scale, Span<sbyte> codes)
    {
        for (var i = 0; i < values.Length; i++)
            codes[i] = !float.IsFinite(values[i]) ? sbyte.MinValue : scale == 0 ? (sbyte)0 : (sbyte)Math.Round((double)values[i] / scale * 127);
    }

    private static JsonArray Numbers(double[] values) => [.. values.Select(value => (JsonNode)value)];

    private static byte[] Bytes(ushort[] codes)
    {
        var bytes = new byte[2 * codes.Length];
        for (var i = 0; i < codes.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), codes[i]);
        return bytes;
    }
}
