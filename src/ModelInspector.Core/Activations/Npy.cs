using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ModelInspector.Numerics;

namespace ModelInspector.Activations;

/// <summary>
/// NumPy's <c>.npy</c> files: read whole as float32 from any little-endian float, integer or bool type, written as float32 in C order.
/// NaN and infinity pass unchanged: whether they are allowed is the caller's to say.
/// </summary>
public static class Npy
{
    private const int Chunk = 1 << 20;

    /// <summary>Reads an array of any rank from 1; Fortran order is turned into C order.</summary>
    /// <exception cref="InputException">The file is missing, no <c>.npy</c>, truncated, too long, of a type that is no number, or larger than one array can be.</exception>
    public static NdArray Read(string path)
    {
        using var file = Open(path);
        var header = Header(file, path);
        if (header.Shape.Length == 0)
            throw new InputException($"{path} holds a single number; expected an array with at least one axis.");
        if (header.Shape.Aggregate(1L, (product, size) => product * Math.Max(size, 1)) > Array.MaxLength)
            throw new InputException($"{path} has the shape ({string.Join(", ", header.Shape)}); at most {Array.MaxLength:N0} values fit in one array. Split it, or read it by rows.");
        var shape = header.Shape.Select(size => (int)size).ToImmutableArray();
        var values = Values(file, header, path);
        return new NdArray(shape, header.Fortran ? InCOrder(values, shape) : values);
    }

    /// <summary>Reads an array as rows × columns; axes after the first are flattened into columns.</summary>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static Matrix ReadMatrix(string path)
    {
        var array = Read(path);
        return new Matrix(array.Shape[0], array.Shape.Skip(1).Aggregate(1, (product, size) => product * size), array.Values);
    }

    /// <summary>What the file says of itself, checked against its length; the values are not read.</summary>
    /// <exception cref="InputException">As <see cref="Read"/>.</exception>
    public static NpyHeader ReadHeader(string path)
    {
        using var file = Open(path);
        return Header(file, path);
    }

    /// <summary>Writes an array; a reader never sees half a file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, NdArray array)
    {
        using var writer = NpyWriter.Create(path, array.Shape[1..]);
        writer.Append(array.Values, array.Shape[0]);
        writer.Complete();
    }

    /// <summary>Writes a matrix; a reader never sees half a file.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, Matrix matrix) => Write(path, new NdArray([matrix.Rows, matrix.Columns], matrix.Values));

    internal static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; expected a .npy file.");
        if (!File.Exists(path)) throw new InputException($"{path} does not exist; expected a .npy file.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be opened: {error.Message}", error);
        }
    }

    internal static NpyHeader Header(FileStream file, string path)
    {
        if (!file.CanSeek) throw new InputException($"{path} is a pipe or device; expected a .npy file on disk.");
        var header = NpyHeader.Read(file, path);
        var expected = header.Count * NpyElements.Find(header.Type, path).Size;
        var found = file.Length - header.Offset;
        if (found < expected)
            throw new InputException($"{path} is truncated: its shape ({string.Join(", ", header.Shape)}) needs {expected:N0} bytes, {found:N0} are there. Copy or write it again.");
        if (found > expected)
            throw new InputException($"{path} has {found - expected:N0} bytes after its last value; expected none. The file is damaged, or not one array.");
        return header;
    }

    private static float[] Values(FileStream file, NpyHeader header, string path)
    {
        var values = new float[header.Count];
        var elements = NpyElements.Find(header.Type, path);
        try
        {
            if (header.Type == "<f4") ReadBytes(file, values);
            else Convert(file, elements, values);
        }
        catch (Exception error) when (error is IOException or OverflowException)
        {
            throw new InputException($"{path} cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
        return values;
    }

    // One read call takes at most 2 GB.
    private static void ReadBytes(FileStream file, Span<float> values)
    {
        for (; values.Length > Chunk; values = values[Chunk..]) file.ReadExactly(MemoryMarshal.AsBytes(values[..Chunk]));
        file.ReadExactly(MemoryMarshal.AsBytes(values));
    }

    private static void Convert(FileStream file, NpyElements elements, Span<float> values)
    {
        var buffer = new byte[Math.Min(Chunk, Math.Max(values.Length, 1)) * elements.Size];
        while (values.Length > 0)
        {
            var count = Math.Min(buffer.Length / elements.Size, values.Length);
            var bytes = buffer.AsSpan(0, count * elements.Size);
            file.ReadExactly(bytes);
            elements.Convert(bytes, values[..count]);
            values = values[count..];
        }
    }

    private static float[] InCOrder(float[] fortran, ImmutableArray<int> shape)
    {
        var ordered = new float[fortran.Length];
        var steps = new long[shape.Length];
        for (long axis = 0, step = 1; axis < shape.Length; step *= shape[(int)axis++]) steps[axis] = step;
        var index = new int[shape.Length];
        for (long to = 0, from = 0; to < ordered.Length; to++)
        {
            ordered[to] = fortran[from];
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += steps[axis];
                if (++index[axis] < shape[axis]) break;
                from -= steps[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return ordered;
    }
}
