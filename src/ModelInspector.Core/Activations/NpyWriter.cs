using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ModelInspector.Activations;

/// <summary>
/// Writes a float32 <c>.npy</c> file row by row, of any number of rows. Everything goes to <c>NAME.part</c>, which
/// <see cref="Complete"/> moves into place; disposing before that removes it.
/// </summary>
public sealed class NpyWriter : IDisposable
{
    private const int Chunk = 1 << 24;
    private readonly string path;
    private readonly FileStream file;
    private readonly ImmutableArray<int> row;
    private readonly long rowLength;
    private bool keep;

    private NpyWriter(string path, FileStream file, ImmutableArray<int> row)
    {
        (this.path, this.file, this.row) = (path, file, row);
        rowLength = row.Aggregate(1L, (product, size) => product * size);
    }

    /// <summary>Rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Starts a file whose rows have the shape <paramref name="row"/> (empty: one value a row); its folder is made.</summary>
    /// <exception cref="InputException">The file cannot be written there.</exception>
    public static NpyWriter Create(string path, ImmutableArray<int> row)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder. Expected the name of a file, as in {Path.Combine(path, "result.npy")}.");
        var writer = new NpyWriter(path, Open(path, FileMode.Create), row);
        writer.Try(() => writer.file.Write(NpyHeader.Bytes(0, row)));
        return writer;
    }

    /// <summary>Goes on with a file that was suspended; rows after the first <paramref name="rows"/> are dropped.</summary>
    /// <returns>Null if the partial file is missing or holds fewer rows.</returns>
    /// <exception cref="InputException">The file cannot be written.</exception>
    internal static NpyWriter? Resume(string path, ImmutableArray<int> row, long rows)
    {
        if (!File.Exists(path + ".part")) return null;
        var writer = new NpyWriter(path, Open(path, FileMode.Open), row) { Rows = rows };
        var length = NpyHeader.Bytes(0, row).Length + rows * sizeof(float) * writer.rowLength;
        if (writer.file.Length < length)
        {
            writer.Dispose();
            return null;
        }
        writer.file.SetLength(length);
        writer.file.Position = length;
        return writer;
    }

    /// <summary>Appends <paramref name="count"/> rows.</summary>
    /// <exception cref="ArgumentException">The length is not <paramref name="count"/> rows.</exception>
    /// <exception cref="InputException">The disk is full or gone; nothing is left behind.</exception>
    public void Append(ReadOnlySpan<float> rows, int count)
    {
        if (rows.Length != count * rowLength)
            throw new ArgumentException($"{rows.Length} values do not make {count} rows of {rowLength}.", nameof(rows));
        try
        {
            // A span of bytes holds 2 GB at most.
            for (; rows.Length > Chunk; rows = rows[Chunk..]) file.Write(MemoryMarshal.AsBytes(rows[..Chunk]));
            file.Write(MemoryMarshal.AsBytes(rows));
        }
        catch (IOException error)
        {
            throw Failed(error);
        }
        Rows += count;
    }

    /// <summary>Writes the number of rows into the header and moves the file into place.</summary>
    /// <exception cref="InputException">The disk is full or gone; nothing is left behind.</exception>
    public void Complete()
    {
        Try(() =>
        {
            file.Position = 0;
            file.Write(NpyHeader.Bytes(Rows, row));
            file.Dispose();
            File.Move(path + ".part", path, overwrite: true);
        });
        keep = true;
    }

    /// <summary>Hands what was written to the operating system, so that it outlives this process.</summary>
    internal void Flush() => Try(file.Flush);

    /// <summary>Closes the partial file and keeps it, to go on with later.</summary>
    internal void Suspend()
    {
        keep = true;
        Dispose();
    }

    /// <summary>Closes the file; an incomplete one is removed.</summary>
    public void Dispose()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // The last buffered bytes did not fit; the file is removed below.
        }
        if (!keep) File.Delete(path + ".part");
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(error);
        }
    }

    private InputException Failed(Exception error)
    {
        keep = false;
        Dispose();
        return Unwritable(path, error);
    }

    private static FileStream Open(string path, FileMode mode)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new FileStream(path + ".part", mode, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, error);
        }
    }

    // 28 is ENOSPC, 122 EDQUOT on Linux; the other is ERROR_DISK_FULL on Windows.
    internal static InputException Unwritable(string path, Exception error) => error.HResult is 28 or 122 or unchecked((int)0x80070070)
        ? new InputException($"{path} cannot be written: the disk is full. Free space or choose another folder with -o; nothing was left behind.", error)
        : new InputException($"{path} cannot be written: {error.Message.TrimEnd('.')}. Choose another folder with -o.", error);
}
