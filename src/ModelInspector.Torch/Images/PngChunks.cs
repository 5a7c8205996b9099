using System.Buffers.Binary;
using System.Text;

namespace ModelInspector.Images;

/// <summary>
/// A PNG's chunks, checked one by one, so that a damaged file is refused in our own words instead of half decoded.
/// Only those that make the pixels are passed on: the decoder complains on the error stream about harmless others, such as colour profiles.
/// </summary>
internal static class PngChunks
{
    private const int Signature = 8;

    /// <summary>The file without ancillary chunks, or why it cannot be decoded.</summary>
    internal static (byte[]? File, string? Damage) Essential(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..Signature]);
        for (var at = Signature; file.Length - at >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            var name = Encoding.Latin1.GetString(file.Slice(at + 4, 4));
            if (length > file.Length - at - 12) return (null, $"its chunk `{name}` at byte {at} is cut short");
            var chunk = file.Slice(at, (int)length + 12);
            if (Crc32.Of(chunk[4..^4]) != BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..])) return (null, $"the checksum of its chunk `{name}` at byte {at} is wrong");
            if (char.IsUpper(name[0]) || name == "tRNS") kept.Write(chunk);
            if (name == "IEND") return (kept.ToArray(), null);
            at += chunk.Length;
        }
        return (null, $"it ends after {file.Length} bytes, before its closing chunk `IEND`");
    }
}
