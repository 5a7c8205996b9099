using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using ModelInspector.Numerics;

namespace ModelInspector.Benchmarks;

/// <summary>The .npy files that the benchmarks exchange with their peers: little-endian float32, C order, two axes.</summary>
internal static partial class Npy
{
    public static Matrix Read(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[10];
        file.ReadExactly(head);
        var text = new byte[BitConverter.ToUInt16(head, 8)];
        file.ReadExactly(text);
        var header = Encoding.ASCII.GetString(text);
        var shape = Shape().Match(header);
        if (!header.Contains("'<f4'", StringComparison.Ordinal) || !shape.Success) throw new InvalidDataException($"{path}: {header}");
        var matrix = new Matrix(int.Parse(shape.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(shape.Groups[2].Value, CultureInfo.InvariantCulture));
        file.ReadExactly(MemoryMarshal.AsBytes(matrix.Values.AsSpan()));
        return matrix;
    }

    public static void Write(string path, Matrix matrix)
    {
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({matrix.Rows}, {matrix.Columns}), }}";
        header = header.PadRight((header.Length + 11 + 63) / 64 * 64 - 11) + "\n";
        using var file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        file.Write(Encoding.ASCII.GetBytes(header));
        file.Write(MemoryMarshal.AsBytes(matrix.Values.AsSpan()));
    }

    [GeneratedRegex(@"\((\d+), (\d+)\)")]
    private static partial Regex Shape();
}
