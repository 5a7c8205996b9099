using System.Buffers.Binary;
using System.Globalization;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>Reads one tensor message. The format keeps values in any of six places; here all become little-endian elements.</summary>
internal sealed class TensorReader
{
    private readonly List<long> shape = [];
    private readonly List<ByteRange> ranges = [];
    private readonly List<byte> unpacked = [];
    private readonly List<long> numbers = [];
    private readonly Dictionary<string, string> external = [];
    private bool isExternal;
    private bool isText;

    public TensorProto Read(WireReader wire)
    {
        var (name, type) = ("", ElementType.Undefined);
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: wire.Int64s(shape); break;
                case 2: type = (ElementType)wire.Int32(); break;
                case 4 or 9 or 10 when wire.Type == WireType.Bytes: ranges.Add(wire.Range()); break;
                case 4: unpacked.AddRange(wire.Take(4)); break;
                case 5 or 7 or 11: wire.Int64s(numbers); break;
                case 6: isText = true; wire.Skip(); break;
                case 8: name = wire.Text(); break;
                case 10: unpacked.AddRange(wire.Take(8)); break;
                case 13: Entry(wire.Message()); break;
                case 14: isExternal = wire.Int64() == 1; break;
                default: wire.Skip(); break;
            }
        }
        return new(name, type, [.. shape], Data(type, wire));
    }

    private void Entry(WireReader wire)
    {
        var (key, value) = ("", "");
        while (wire.Next())
        {
            if (wire.Field == 1) key = wire.Text();
            else if (wire.Field == 2) value = wire.Text();
            else wire.Skip();
        }
        external[key] = value;
    }

    private TensorData Data(ElementType type, WireReader wire)
    {
        if (isText || type == ElementType.String) return new TensorData.Texts();
        if (isExternal) return new TensorData.External(external.GetValueOrDefault("location", ""), new(Number("offset", 0, wire), Number("length", -1, wire)));
        if (ranges.Count > 0) return new TensorData.InFile([.. ranges]);
        return new TensorData.Inline(numbers.Count > 0 ? Packed(type) : unpacked.ToArray());
    }

    private long Number(string key, long otherwise, WireReader wire) =>
        !external.TryGetValue(key, out var text) ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw wire.Damaged($"external data has the {key} `{text}`, which is no number");

    private byte[] Packed(ElementType type)
    {
        var size = type.Size();
        var bytes = new byte[checked(numbers.Count * size)];
        Span<byte> whole = stackalloc byte[8];
        for (var i = 0; i < numbers.Count && size > 0; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(whole, numbers[i]);
            whole[..size].CopyTo(bytes.AsSpan(i * size));
        }
        return bytes;
    }
}
