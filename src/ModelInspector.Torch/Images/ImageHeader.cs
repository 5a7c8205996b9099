using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ModelInspector.Images;

/// <summary>What an image file's first bytes say, read without decoding it: a small file can declare a gigantic picture.</summary>
/// <param name="Format">The format's usual name.</param>
/// <param name="Width">Columns declared; 0 when the header is cut short.</param>
/// <param name="Height">Rows declared; 0 when the header is cut short.</param>
internal readonly record struct ImageHeader(string Format, long Width, long Height)
{
    private delegate (long Width, long Height) SizeReader(ReadOnlySpan<byte> file);

    /// <summary>Formats that are recognised, for messages.</summary>
    internal static IReadOnlyList<string> Formats { get; } = ["PNG", "JPEG", "TIFF", "BMP", "WebP", "JPEG 2000", "PNM"];

    private static ReadOnlySpan<byte> Codestream => [0xff, 0x4f, 0xff, 0x51];

    /// <summary>The header of a file of a known format; null for any other bytes.</summary>
    internal static ImageHeader? Read(ReadOnlySpan<byte> file) =>
        IsPng(file) ? Sized("PNG", file, Png)
        : file.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? Sized("JPEG", file, Jpeg)
        : file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) ? Sized("TIFF", file, Tiff)
        : file.StartsWith("BM"u8) ? Sized("BMP", file, Bmp)
        : file.StartsWith("RIFF"u8) && file.Length >= 12 && file[8..12].SequenceEqual("WEBP"u8) ? Sized("WebP", file, WebP)
        : file.StartsWith("\0\0\0\x0cjP  "u8) || file.StartsWith(Codestream) ? Sized("JPEG 2000", file, Jpeg2000)
        : file.Length > 2 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && char.IsWhiteSpace((char)file[2]) ? Sized("PNM", file, Pnm)
        : null;

    internal static bool IsPng(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

    private static ImageHeader Sized(string format, ReadOnlySpan<byte> file, SizeReader size)
    {
        try
        {
            var (width, height) = size(file);
            return new ImageHeader(format, Math.Max(0, width), Math.Max(0, height));
        }
        catch (ArgumentOutOfRangeException)
        {
            return new ImageHeader(format, 0, 0);
        }
    }

    private static uint Big32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32BigEndian(file.Slice(at, 4));

    private static ushort Big16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16BigEndian(file.Slice(at, 2));

    private static int Little32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadInt32LittleEndian(file.Slice(at, 4));

    private static ushort Little16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(at, 2));

    private static (long Width, long Height) Png(ReadOnlySpan<byte> file) => (Big32(file, 16), Big32(file, 20));

    private static (long Width, long Height) Bmp(ReadOnlySpan<byte> file) => Little32(file, 14) == 12
        ? (Little16(file, 18), Little16(file, 20))
        : (Little32(file, 18), Math.Abs((long)Little32(file, 22)));

    private static (long Width, long Height) Jpeg(ReadOnlySpan<byte> file)
    {
        var frame = JpegSegment(file, marker => marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc));
        return frame < 0 ? (0, 0) : (Big16(file, frame + 7), Big16(file, frame + 5));
    }

    /// <summary>
    /// Whether the pixel data is closed: libjpeg fills in the missing rest of a cut file with grey and says nothing.
    /// A thumbnail in the header has an end of its own, which does not count.
    /// </summary>
    internal static bool JpegIsClosed(ReadOnlySpan<byte> file)
    {
        var scan = JpegSegment(file, marker => marker == 0xda);
        return scan >= 0 && file[scan..].LastIndexOf((ReadOnlySpan<byte>)[0xff, 0xd9]) >= 0;
    }

    /// <summary>Where the first segment of a kind begins; -1 when the pixel data or the file's end comes first.</summary>
    private static int JpegSegment(ReadOnlySpan<byte> file, Predicate<byte> wanted)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xff; at += 2 + Big16(file, at + 2))
        {
            while (at + 4 < file.Length && file[at + 1] == 0xff) at++;
            if (wanted(file[at + 1])) return at;
            if (file[at + 1] == 0xda) return -1;
        }
        return -1;
    }

    private static (long Width, long Height) WebP(ReadOnlySpan<byte> file)
    {
        var kind = Encoding.ASCII.GetString(file.Slice(12, 4));
        if (kind == "VP8 ") return (Little16(file, 26) & 0x3fff, Little16(file, 28) & 0x3fff);
        if (kind == "VP8L") return ((Little32(file, 21) & 0x3fff) + 1, (Little32(file, 21) >> 14 & 0x3fff) + 1);
        return kind == "VP8X" ? ((Little32(file, 24) & 0xffffff) + 1, (Little32(file, 26) >> 8 & 0xffffff) + 1) : (0, 0);
    }

    /// <summary>The codestream's own size is the one that is decoded, whatever the box around it says.</summary>
    private static (long Width, long Height) Jpeg2000(ReadOnlySpan<byte> file)
    {
        var start = file.IndexOf(Codestream);
        return start < 0 ? (0, 0) : ((long)Big32(file, start + 8) - Big32(file, start + 16), (long)Big32(file, start + 12) - Big32(file, start + 20));
    }

    /// <summary>Width and height are entries 256 and 257 of the first directory.</summary>
    private static (long Width, long Height) Tiff(ReadOnlySpan<byte> file)
    {
        var big = file[0] == 'M';
        var directory = Word32(file, 4, big);
        if (directory > file.Length - 2) return (0, 0);
        var (width, height) = (0L, 0L);
        for (var (entry, left) = ((int)directory + 2, (int)Word16(file, (int)directory, big)); left > 0; entry += 12, left--)
        {
            var tag = Word16(file, entry, big);
            if (tag is not (256 or 257)) continue;
            var value = Word16(file, entry + 2, big) == 3 ? Word16(file, entry + 8, big) : Word32(file, entry + 8, big);
            if (tag == 256) width = value;
            else height = value;
        }
        return (width, height);
    }

    private static uint Word32(ReadOnlySpan<byte> file, int at, bool big) => big ? Big32(file, at) : (uint)Little32(file, at);

    private static ushort Word16(ReadOnlySpan<byte> file, int at, bool big) => big ? Big16(file, at) : Little16(file, at);

    private static (long Width, long Height) Pnm(ReadOnlySpan<byte> file)
    {
        var at = 2;
        return (Number(file, ref at), Number(file, ref at));
    }

    /// <summary>The next decimal number, past blanks and comments.</summary>
    private static long Number(ReadOnlySpan<byte> file, ref int at)
    {
        while (char.IsWhiteSpace((char)file.Slice(at, 1)[0]) || file[at] == '#')
            at += file[at] == '#' ? file[at..].IndexOf((byte)'\n') is var end and >= 0 ? end : file.Length - at : 1;
        var start = at;
        while (at < file.Length && char.IsAsciiDigit((char)file[at])) at++;
        return long.TryParse(file[start..at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
