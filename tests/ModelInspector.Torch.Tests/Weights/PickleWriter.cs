using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Weights;

/// <summary>Writes what <c>torch.save(state_dict, file)</c> writes, in its two formats.</summary>
internal sealed class PickleWriter
{
    private readonly MemoryStream bytes = new();

    private PickleWriter() => Raw(0x80, 2);

    /// <summary>Since PyTorch 1.6: a zip of a pickle and stored data.</summary>
    public static byte[] Zip(IEnumerable<KeyValuePair<string, Tensor>> state, string? wrapper = null)
    {
        var entries = state.ToArray();
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive, "archive/data.pkl", Pickle(entries, wrapper));
            foreach (var (index, entry) in entries.Index()) Write(archive, $"archive/data/{index}", Bytes(entry.Value));
            Write(archive, "archive/version", "3\n"u8.ToArray());
        }
        return file.ToArray();
    }

    /// <summary>Before: pickles one after the other, then the data.</summary>
    public static byte[] Legacy(IEnumerable<KeyValuePair<string, Tensor>> state) => Legacy([.. state], new PickleWriter().Dict([.. state], 0).Raw((byte)'.'));

    /// <summary>The same for a checkpoint: a dict of an optimizer's tensors and of the weights.</summary>
    public static byte[] Legacy(KeyValuePair<string, Tensor>[] optimizer, KeyValuePair<string, Tensor>[] state) => Legacy([.. optimizer, .. state],
        new PickleWriter().Raw((byte)'}', (byte)'(').Text("optimizer").Dict(optimizer, 0).Text("state_dict").Dict(state, optimizer.Length).Raw((byte)'u', (byte)'.'));

    private static byte[] Legacy(KeyValuePair<string, Tensor>[] entries, PickleWriter pickle)
    {
        var file = new MemoryStream();
        file.Write([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']);
        file.Write([0x80, 2, (byte)'M', 0xe9, 3, (byte)'.']);
        file.Write([0x80, 2, (byte)'}', (byte)'q', 0, (byte)'.']);
        file.Write(pickle.bytes.ToArray());
        var keys = new PickleWriter().Raw((byte)']').Raw((byte)'(');
        foreach (var index in Enumerable.Range(0, entries.Length)) keys.Text($"{index}");
        file.Write(keys.Raw((byte)'e', (byte)'.').bytes.ToArray());
        var count = new byte[8];
        foreach (var (_, tensor) in entries)
        {
            BinaryPrimitives.WriteInt64LittleEndian(count, tensor.numel());
            file.Write(count);
            file.Write(Bytes(tensor));
        }
        return file.ToArray();
    }

    /// <summary>A zip whose pickle is the given one.</summary>
    public static byte[] Holding(byte[] pickle)
    {
        var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true)) Write(archive, "archive/data.pkl", pickle);
        return file.ToArray();
    }

    private static byte[] Pickle(KeyValuePair<string, Tensor>[] entries, string? wrapper)
    {
        var writer = new PickleWriter();
        if (wrapper is not null) writer.Raw((byte)'}').Raw((byte)'(').Text("epoch").Number(3).Text(wrapper);
        writer.Dict(entries, 0);
        if (wrapper is not null) writer.Raw((byte)'u');
        return writer.Raw((byte)'.').bytes.ToArray();
    }

    private PickleWriter Dict(KeyValuePair<string, Tensor>[] entries, int first)
    {
        Global("collections", "OrderedDict").Raw((byte)')', (byte)'R', (byte)'(');
        foreach (var (index, entry) in entries.Index()) Entry(first + index, entry.Key, entry.Value);
        return Raw((byte)'u');
    }

    private void Entry(int index, string name, Tensor tensor)
    {
        Text(name).Global("torch._utils", "_rebuild_tensor_v2").Raw((byte)'(');
        Raw((byte)'(').Text("storage").Global("torch", tensor.dtype == ScalarType.Int64 ? "LongStorage" : "FloatStorage").Text($"{index}").Text("cpu").Number(tensor.numel()).Raw((byte)'t', (byte)'Q');
        Number(0).Tuple(tensor.shape).Tuple(tensor.contiguous().stride()).Raw(0x89);
        Global("collections", "OrderedDict").Raw((byte)')', (byte)'R', (byte)'t', (byte)'R');
    }

    private PickleWriter Tuple(long[] values)
    {
        Raw((byte)'(');
        foreach (var value in values) Number(value);
        return Raw((byte)'t');
    }

    private PickleWriter Global(string module, string name) => Raw((byte)'c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    private PickleWriter Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Raw((byte)'X').Raw(BitConverter.GetBytes(utf8.Length)).Raw(utf8);
    }

    private PickleWriter Number(long value) => Raw((byte)'J').Raw(BitConverter.GetBytes((int)value));

    private PickleWriter Raw(params byte[] raw)
    {
        bytes.Write(raw);
        return this;
    }

    private static byte[] Bytes(Tensor tensor)
    {
        using var whole = tensor.detach().contiguous();
        return tensor.dtype == ScalarType.Int64 ? MemoryMarshal.AsBytes(whole.data<long>().ToArray().AsSpan()).ToArray() : MemoryMarshal.AsBytes(whole.data<float>().ToArray().AsSpan()).ToArray();
    }

    private static void Write(ZipArchive archive, string name, byte[] content)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }
}
