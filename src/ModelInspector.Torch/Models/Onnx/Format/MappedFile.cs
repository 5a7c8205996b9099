using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>
/// A model file: its structure is read through a mapping, which touches only the pages it needs;
/// its weights are read from the file straight into the memory where they stay.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly MemoryMappedFile map;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;

    /// <exception cref="InputException">It is larger than an ONNX file can be.</exception>
    public MappedFile(string path)
    {
        handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(handle);
        if (Length is 0 or > int.MaxValue)
        {
            handle.Dispose();
            throw new InputException(Length == 0 ? $"{path} is empty. Expected an ONNX model."
                : $"{path} has {Length:N0} bytes; an ONNX file cannot have more than {int.MaxValue:N0}. Export it with external data.");
        }
        map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
    }

    public long Length { get; }

    public ReadOnlySpan<byte> Bytes => new(start, (int)Length);

    public void Read(long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var read = RandomAccess.Read(handle, into, offset);
            if (read == 0) throw new EndOfStreamException();
            into = into[read..];
            offset += read;
        }
    }

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
        handle.Dispose();
    }
}
