using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// TorchSharp's own tensor format: element type, rank and extents as LEB128 numbers, then the elements as they lie in memory,
/// row by row, little-endian.
/// </summary>
internal static class TensorFile
{
    private const int Chunk = 1 << 22;
    private const int MostDimensions = 64;

    internal static void Write(Tensor tensor, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.Dimensions);
        foreach (long extent in tensor.shape) writer.Write7BitEncodedInt64(extent);
        using var here = tensor.detach();
        using var local = here.to(CPU);
        using var whole = local.contiguous();
        foreach (var (start, length) in Pieces(whole)) writer.Write(Bytes(whole, start, length));
    }

    /// <summary>Reads a tensor; what cannot be one gets an <see cref="InvalidDataException"/> before anything large is allocated.</summary>
    internal static Tensor Read(BinaryReader reader)
    {
        var (type, shape) = Header(reader);
        var tensor = empty(shape, type, CPU);
        try
        {
            Fill(tensor, reader);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    /// <summary>Reads into a tensor of the same shape and type; or only past the data.</summary>
    internal static void ReadInto(Tensor tensor, BinaryReader reader, bool skip)
    {
        using var read = Read(reader);
        if (skip) return;
        if (read.dtype != tensor.dtype || !read.shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException($"The file holds a tensor {Metadata(read)}, and the one to fill is {Metadata(tensor)}.");
        using (no_grad()) tensor.copy_(read);
    }

    private static string Metadata(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";

    private static (ScalarType, long[]) Header(BinaryReader reader)
    {
        try
        {
            long type = reader.Read7BitEncodedInt64(), rank = reader.Read7BitEncodedInt64();
            if (!Enum.IsDefined((ScalarType)type)) throw new InvalidDataException($"No tensor starts here: {type} is no element type.");
            if (rank is < 0 or > MostDimensions) throw new InvalidDataException($"No tensor starts here: it would have {rank} dimensions.");
            var shape = new long[rank];
            for (int k = 0; k < shape.Length; k++) shape[k] = reader.Read7BitEncodedInt64();
            CheckSize((ScalarType)type, shape, reader.BaseStream);
            return ((ScalarType)type, shape);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("The file ends inside the description of a tensor.", error);
        }
    }

    private static void CheckSize(ScalarType type, long[] shape, Stream stream)
    {
        UInt128 bytes = (UInt128)ElementTypes.Size(type);
        foreach (long extent in shape)
        {
            if (extent < 0) throw new InvalidDataException($"No tensor starts here: it would have the shape [{string.Join(", ", shape)}].");
            bytes = checked(bytes * (UInt128)extent);
            if (bytes > long.MaxValue) throw new InvalidDataException($"No tensor starts here: the shape [{string.Join(", ", shape)}] is too large.");
        }
        if (stream.CanSeek && bytes > (UInt128)Math.Max(0, stream.Length - stream.Position))
            throw new InvalidDataException($"A tensor of shape [{string.Join(", ", shape)}] needs {bytes} bytes, and the file has {stream.Length - stream.Position} left.");
    }

    private static void Fill(Tensor tensor, BinaryReader reader)
    {
        foreach (var (start, length) in Pieces(tensor))
        {
            var target = Bytes(tensor, start, length);
            if (reader.BaseStream.ReadAtLeast(target, length, throwOnEndOfStream: false) < length)
                throw new InvalidDataException($"The file ends inside the elements of a tensor of shape [{string.Join(", ", tensor.shape)}].");
        }
        GC.KeepAlive(tensor);
    }

    private static IEnumerable<(long Start, int Length)> Pieces(Tensor tensor)
    {
        long total = tensor.NumberOfElements * tensor.ElementSize;
        for (long start = 0; start < total; start += Chunk) yield return (start, (int)Math.Min(Chunk, total - start));
    }

    private static unsafe Span<byte> Bytes(Tensor tensor, long start, int length) => new((byte*)tensor.DataPointer + start, length);
}
