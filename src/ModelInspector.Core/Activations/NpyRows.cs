using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;
using ModelInspector.Numerics;

namespace ModelInspector.Activations;

/// <summary>Rows of a float32 <c>.npy</c> file that may be larger than memory: mapped, not read.</summary>
public sealed unsafe class NpyRows : IDisposable
{
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;
    private readonly float* first;
    private bool disposed;

    private NpyRows(FileStream file, NpyHeader header, string path)
    {
        Count = header.Shape[0];
        Shape = [.. header.Shape.Skip(1).Select(size => (int)size)];
        var length = Shape.Aggregate(1L, (product, size) => product * size);
        if (length > Array.MaxLength)
            throw new InputException($"{path} has rows of {length:N0} values; at most {Array.MaxLength:N0} can be read at once.");
        RowLength = (int)length;
        map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        first = (float*)(start + header.Offset);
    }

    /// <summary>Number of rows.</summary>
    public long Count { get; }

    /// <summary>Shape of one row.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Values in a row.</summary>
    public int RowLength { get; }

    /// <summary>Opens a float32 file in C order.</summary>
    /// <exception cref="InputException">The file is missing, damaged, or holds something else.</exception>
    public static NpyRows Open(string path)
    {
        var file = Npy.Open(path);
        try
        {
            var header = Npy.Header(file, path);
            if (header.Type != "<f4" || header.Fortran || header.Shape.Length == 0)
                throw new InputException($"{path} holds {header.Type}{(header.Fortran ? " in Fortran order" : "")} of rank {header.Shape.Length}; "
                    + "rows can be mapped from float32 in C order only. Save it again: `numpy.save(file, numpy.ascontiguousarray(array, 'f4'))`.");
            return new NpyRows(file, header, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>One row, straight from the file: valid until this is disposed.</summary>
    public ReadOnlySpan<float> Row(long row)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return new ReadOnlySpan<float>(first + row * RowLength, RowLength);
    }

    /// <summary>A copy of <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public Matrix Rows(long start, int count)
    {
        var rows = new Matrix(count, RowLength);
        for (var i = 0; i < count; i++) Row(start + i).CopyTo(rows.Row(i));
        return rows;
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        map?.Dispose();
    }
}
