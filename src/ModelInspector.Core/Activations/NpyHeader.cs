using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelInspector.Activations;

/// <summary>What a <c>.npy</c> file says of its contents.</summary>
/// <param name="Type">Element type in NumPy's words: <c>&lt;f4</c>.</param>
/// <param name="Fortran">Whether the first index runs fastest.</param>
/// <param name="Shape">Sizes, slowest first (of the array, whatever the order in the file).</param>
/// <param name="Offset">Bytes before the first element.</param>
public sealed partial record NpyHeader(string Type, bool Fortran, ImmutableArray<long> Shape, int Offset)
{
    private const int LongestText = 1 << 16;
    private const int Alignment = 64;
    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];
    private static readonly string[] Keys = ["type", "order", "shape"];

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>Reads the header at the start of a stream, version 1, 2 or 3.</summary>
    /// <param name="stream">At the file's first byte; afterwards at its first element.</param>
    /// <param name="name">The file's name, for errors.</param>
    /// <exception cref="InputException">The stream holds no <c>.npy</c> header that can be understood.</exception>
    public static NpyHeader Read(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, 8, throwOnEndOfStream: false) < 8 || !start[..6].SequenceEqual(Magic))
            throw new InputException($"{name} is no .npy file: it does not start with NumPy's mark. Write it with `numpy.save`.");
        var lengthBytes = start[6] switch
        {
            1 => 2,
            2 or 3 => 4,
            var version => throw new InputException($"{name} is .npy version {version}; versions 1, 2 and 3 can be read. Write it again with `numpy.save`."),
        };
        var text = Text(stream, lengthBytes, name);
        return Parse((start[6] == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), 8 + lengthBytes + text.Length, name);
    }

    /// <summary>
    /// The header of a float32 array in C order, as bytes. Its length depends on the rank and the sizes after the first only,
    /// so that the number of rows can be put in when all are written.
    /// </summary>
    public static byte[] Bytes(long rows, ImmutableArray<int> row)
    {
        var widest = 10 + Dictionary(long.MaxValue, row).Length + 1;
        var total = (widest + Alignment - 1) / Alignment * Alignment;
        var text = Dictionary(rows, row).PadRight(total - 11) + "\n";
        return [.. Magic, 1, 0, (byte)(text.Length & 255), (byte)(text.Length >> 8), .. Encoding.Latin1.GetBytes(text)];
    }

    private static string Dictionary(long rows, ImmutableArray<int> row) =>
        $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows},{string.Join(",", row.Select(size => $" {size}"))}), }}";

    private static byte[] Text(Stream stream, int lengthBytes, string name)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes.Clear();
        var whole = stream.ReadAtLeast(bytes[..lengthBytes], lengthBytes, throwOnEndOfStream: false) == lengthBytes;
        var length = BitConverter.ToUInt32(bytes);
        if (length > LongestText)
            throw new InputException($"{name} declares a header of {length:N0} bytes; at most {LongestText:N0} are read. The file is damaged.");
        var text = new byte[length];
        whole = whole && stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) == text.Length;
        return whole ? text : throw new InputException($"{name} ends inside its .npy header: it is truncated. Copy or write it again.");
    }

    private static NpyHeader Parse(string text, int offset, string name)
    {
        var match = Entries().Match(text);
        if (!match.Success || Keys.Any(key => match.Groups[key].Captures.Count != 1))
            throw new InputException($"{name} has a .npy header that cannot be understood: {Shorten(text)} Write it again with `numpy.save`.");
        var type = match.Groups["type"].Value;
        if (type.StartsWith('['))
            throw new InputException($"{name} holds records (a structured dtype); expected plain numbers. Save one field: `numpy.save(file, array['field'])`.");
        return new(type.Trim('\''), match.Groups["order"].Value == "True", Sizes(match.Groups["shape"].Value, name), offset);
    }

    private static ImmutableArray<long> Sizes(string text, string name)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var sizes = new long[parts.Length];
        Int128 product = 1;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts.Length > 32 || !long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]))
                throw new InputException($"{name} declares the shape ({Shorten(text)}), which is no list of at most 32 sizes. The file is damaged.");
            product *= Math.Max(sizes[i], 1);
            if (product > long.MaxValue / 8)
                throw new InputException($"{name} declares the shape ({Shorten(text)}), more than any file can hold. The file is damaged.");
        }
        return [.. sizes];
    }

    private static string Shorten(string text) => text.Trim() is { Length: > 80 } longer ? longer[..80] + "…" : text.Trim();

    [GeneratedRegex(@"^\s*\{(?:'descr'\s*:\s*(?<type>'[^']*'|\[.*\])|'fortran_order'\s*:\s*(?<order>True|False)|'shape'\s*:\s*\((?<shape>[0-9,\s]*)\)|,|\s)*\}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Entries();
}
