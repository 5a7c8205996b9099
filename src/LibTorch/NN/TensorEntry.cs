using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One tensor in a state file: element type, number of dimensions, lengths (each LEB128), raw bytes in row-major order.</summary>
internal static class TensorEntry
{
    public static void Write(BinaryWriter writer, Tensor tensor)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.Dimensions);
        foreach (var length in tensor.shape) writer.Write7BitEncodedInt64(length);
        if (tensor.NumberOfElements == 0) return;
        using var scope = NewDisposeScope();
        writer.Write(tensor.detach().cpu().contiguous().bytes);
    }

    /// <summary>Reads an entry into a tensor of the same type and shape, or past it when there is none.</summary>
    public static void Read(BinaryReader reader, string key, Tensor? target)
    {
        var dtype = (ScalarType)reader.Read7BitEncodedInt64();
        var shape = Shape(reader, key);
        if (target is null) Skip(reader, key, dtype, shape);
        else
        {
            Require(key, target, dtype, shape);
            Fill(reader, key, target);
        }
    }

    private static long[] Shape(BinaryReader reader, string key)
    {
        var rank = reader.Read7BitEncodedInt64();
        if (rank is < 0 or > 64) throw new ArgumentException($"The entry '{key}' claims {rank} dimensions: this is no state file, or a damaged one.");
        var shape = new long[rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Read7BitEncodedInt64();
        return shape;
    }

    private static void Require(string key, Tensor target, ScalarType dtype, long[] shape)
    {
        if (target.dtype != dtype)
            throw new ArgumentException($"Mismatched tensor data types while loading '{key}': the file has {dtype}, the module {target.dtype}.");
        if (!target.shape.SequenceEqual(shape))
            throw new ArgumentException($"Mismatched tensor shape while loading '{key}': the file has [{string.Join(",", shape)}], the module [{string.Join(",", target.shape)}].");
    }

    private static void Fill(BinaryReader reader, string key, Tensor target)
    {
        if (target.NumberOfElements == 0) return;
        using var scope = NewDisposeScope();
        using var still = no_grad();
        if (target.device_type == DeviceType.CPU && target.is_contiguous()) Read(reader, key, target.bytes);
        else
        {
            var staged = empty(target.shape, target.dtype, CPU);
            Read(reader, key, staged.bytes);
            target.copy_(staged);
        }
    }

    private static void Read(BinaryReader reader, string key, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var count = reader.Read(bytes);
            if (count == 0) throw new EndOfStreamException($"The state file ends inside the entry '{key}'.");
            bytes = bytes[count..];
        }
    }

    private static void Skip(BinaryReader reader, string key, ScalarType dtype, long[] shape)
    {
        if (Array.Exists(shape, length => length < 0)) throw new ArgumentException($"The entry '{key}' has a negative length.");
        Span<byte> buffer = stackalloc byte[4096];
        for (var left = checked(shape.Aggregate(ElementSize(key, dtype), (product, length) => checked(product * length))); left > 0; left -= Math.Min(left, buffer.Length))
            Read(reader, key, buffer[..(int)Math.Min(left, buffer.Length)]);
    }

    private static long ElementSize(string key, ScalarType dtype) => dtype switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool or ScalarType.QInt8 or ScalarType.QUInt8 => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 or ScalarType.QInt32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentException($"The entry '{key}' has the unknown element type {(int)dtype}."),
    };
}
