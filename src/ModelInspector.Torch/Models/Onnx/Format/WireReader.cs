using System.Buffers.Binary;
using System.Text;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>
/// Walks the fields of one protobuf message. Every length is checked against the bytes that are there,
/// so a damaged or hostile file can neither read outside the message nor allocate more than it brings.
/// </summary>
/// <param name="file">Name for error texts.</param>
/// <param name="bytes">The message.</param>
/// <param name="origin">Offset of the message in the file.</param>
internal ref struct WireReader(string file, ReadOnlySpan<byte> bytes, long origin = 0)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>Number of the field that <see cref="Next"/> has found.</summary>
    public int Field { get; private set; }

    public WireType Type { get; private set; }

    public readonly string File => file;

    /// <summary>Offset in the file of what is read next.</summary>
    public readonly long Offset => origin + at;

    /// <summary>Moves to the next field; false at the message's end.</summary>
    public bool Next()
    {
        if (at == bytes.Length) return false;
        var tag = Varint();
        (Field, Type) = ((int)Math.Min(tag >> 3, int.MaxValue), (WireType)(tag & 7));
        if (Field == 0 || !Enum.IsDefined(Type)) throw Damaged($"field {Field} of wire type {(int)Type} is no protobuf");
        return true;
    }

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (at == bytes.Length) throw Damaged("a number is cut off");
            var next = bytes[at++];
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return value;
        }
        throw Damaged("a number is longer than 64 bits");
    }

    public long Int64()
    {
        Expect(WireType.Varint);
        return (long)Varint();
    }

    public int Int32() => unchecked((int)Int64());

    public float Single()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        var length = Varint();
        if (length > (ulong)(bytes.Length - at)) throw Damaged($"a field of {length:N0} bytes is announced where {bytes.Length - at:N0} are left");
        return Take((int)length);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>The field as a message of its own.</summary>
    public WireReader Message()
    {
        var content = Bytes();
        return new WireReader(file, content, Offset - content.Length);
    }

    /// <summary>Where the field's bytes lie in the file.</summary>
    public ByteRange Range()
    {
        var content = Bytes();
        return new ByteRange(Offset - content.Length, content.Length);
    }

    /// <summary>Adds the field's numbers, packed or not.</summary>
    public void Int64s(List<long> numbers)
    {
        if (Type == WireType.Varint)
        {
            numbers.Add(Int64());
            return;
        }
        var packed = Message();
        while (!packed.AtEnd) numbers.Add((long)packed.Varint());
    }

    /// <summary>Adds the field's numbers, packed or not.</summary>
    public void Singles(List<float> numbers)
    {
        if (Type == WireType.Fixed32)
        {
            numbers.Add(Single());
            return;
        }
        var packed = Message();
        while (!packed.AtEnd) numbers.Add(BinaryPrimitives.ReadSingleLittleEndian(packed.Take(4)));
    }

    public void Skip()
    {
        if (Type == WireType.Varint) Varint();
        else if (Type == WireType.Bytes) Bytes();
        else Take(Type == WireType.Fixed64 ? 8 : 4);
    }

    public readonly bool AtEnd => at == bytes.Length;

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - at) throw Damaged($"{count} bytes are expected where {bytes.Length - at} are left");
        at += count;
        return bytes.Slice(at - count, count);
    }

    public readonly InputException Damaged(string what) =>
        new($"{file} is damaged at byte {Offset:N0}: {what}. Copy or export the file again.");

    private readonly void Expect(WireType type)
    {
        if (Type != type) throw Damaged($"field {Field} is of wire type {Type} instead of {type}");
    }
}
