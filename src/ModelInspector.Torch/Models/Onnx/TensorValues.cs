using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>Reads the values of a file's tensors straight into the memory where they stay.</summary>
internal sealed class TensorValues(string name, MappedFile bytes, ExternalData external, Device device)
{
    private const int Elements = 1 << 20;

    private readonly HashSet<ElementType> types = [];

    /// <summary>Element types of what was read.</summary>
    public IReadOnlySet<ElementType> Types => types;

    /// <summary>Whether NaN is allowed among the values.</summary>
    public bool AllowsNaN { get; init; }

    /// <summary>A tensor's values, as the type we compute with.</summary>
    /// <exception cref="InputException">It declares more or fewer values than it has, is of a type that cannot be read, or holds NaN.</exception>
    public Tensor Of(TensorProto tensor)
    {
        var size = Check(tensor);
        types.Add(tensor.Type);
        var values = empty([.. tensor.Shape], tensor.Type.Computed());
        try
        {
            if (values.numel() > 0) Fill(tensor, values, size);
        }
        catch (Exception error) when (error is EndOfStreamException or InputException)
        {
            values.Dispose();
            if (error is InputException) throw;
            throw new InputException($"{name}: the values of `{tensor.Name}` end too soon; the file was cut while it was read. Copy it again.");
        }
        if (!tensor.Type.IsFloat() || device.type == DeviceType.CPU) return values;
        using (values) return values.to(device);
    }

    private int Check(TensorProto tensor)
    {
        var size = tensor.Type.Size();
        if (size == 0 || tensor.Data is TensorData.Texts)
            throw new InputException($"{name}: `{tensor.Name}` holds values of {tensor.Type.Text()}, which cannot be computed with. Expected numbers.");
        Sizes.Allowed([.. tensor.Shape]);
        var expected = tensor.Shape.Aggregate(1L, (product, side) => product * side) * size;
        var found = external.Length(name, tensor, expected);
        return found == expected ? size : throw new InputException(
            $"{name}: `{tensor.Name}` declares the shape ({string.Join(", ", tensor.Shape)}) of {tensor.Type.Text()}, "
            + $"{expected:N0} bytes, but has {found:N0}. Export it again.");
    }

    private void Fill(TensorProto tensor, Tensor values, int size)
    {
        using var flat = values.reshape(-1);
        for (var start = 0L; start < flat.numel(); start += Elements)
        {
            var count = (int)Math.Min(Elements, flat.numel() - start);
            using var part = flat.narrow(0, start, count);
            Fill(tensor, start * size, part, count * size);
        }
    }

    private void Fill(TensorProto tensor, long offset, Tensor part, int length)
    {
        if (Stored.IsAsComputed(tensor.Type)) Read(tensor, offset, part.bytes);
        else
        {
            var stored = new byte[length];
            Read(tensor, offset, stored);
            Stored.Convert(tensor.Type, stored, part.bytes);
        }
        if (!AllowsNaN && tensor.Type.IsFloat() && Stored.HasNaN(MemoryMarshal.Cast<byte, float>(part.bytes)))
            throw new InputException($"{name}: the weight `{tensor.Name}` holds NaN, so the network can only give NaN. "
                + "Export it from a checkpoint that has not diverged.");
    }

    private void Read(TensorProto tensor, long offset, Span<byte> into)
    {
        switch (tensor.Data)
        {
            case TensorData.Inline inline: inline.Bytes.Span.Slice((int)offset, into.Length).CopyTo(into); break;
            case TensorData.InFile inFile: Read(inFile, offset, into); break;
            case TensorData.External elsewhere: external.Read(name, tensor.Name, elsewhere, offset, into); break;
        }
    }

    private void Read(TensorData.InFile stretches, long offset, Span<byte> into)
    {
        foreach (var stretch in stretches.Ranges)
        {
            var count = (int)Math.Clamp(stretch.Length - offset, 0, into.Length);
            if (count > 0) bytes.Read(stretch.Offset + offset, into[..count]);
            into = into[count..];
            offset = Math.Max(0, offset - stretch.Length);
        }
    }
}
