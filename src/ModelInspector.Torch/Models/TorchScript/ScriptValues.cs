using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>A device as the native side packs it.</summary>
internal readonly record struct ScriptDevice(long Packed);

/// <summary>A value of a kind that has no managed form, by libtorch's name for it.</summary>
internal sealed record ScriptOther(string Kind);

/// <summary>
/// TorchScript values between the two sides. Managed, they are null, <see cref="Tensor"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="bool"/>, <see cref="string"/>, <see cref="ScriptDevice"/>, or an array of these for a list, a tuple or a dict (keys and values in turn).
/// </summary>
internal sealed class ScriptValues : IDisposable
{
    private readonly List<ScriptValue> values = [];
    private readonly List<nint> texts = [];
    private readonly List<Tensor> tensors = [];

    internal ReadOnlySpan<ScriptValue> Written => CollectionsMarshal.AsSpan(values);

    /// <summary>Reads everything that the native side wrote.</summary>
    internal static object?[] ReadAll(ReadOnlySpan<ScriptValue> values)
    {
        var read = new List<object?>();
        while (!values.IsEmpty) read.Add(Read(ref values));
        return [.. read];
    }

    internal void Write(object? value)
    {
        switch (value)
        {
            case null: Put(ScriptTag.None); break;
            case Tensor tensor: WriteTensor(tensor); break;
            case long number: Put(ScriptTag.Int, number); break;
            case double number: Put(ScriptTag.Double, BitConverter.DoubleToInt64Bits(number)); break;
            case bool flag: Put(ScriptTag.Bool, flag ? 1 : 0); break;
            case ScriptDevice device: Put(ScriptTag.Device, device.Packed); break;
            case string text: WriteText(text); break;
            case object?[] list: WriteList(list); break;
            default: throw new ArgumentException($"A {value.GetType().Name} is no TorchScript value.");
        }
    }

    public void Dispose()
    {
        foreach (var text in texts) Marshal.FreeCoTaskMem(text);
        GC.KeepAlive(tensors);
    }

    private void Put(ScriptTag tag, long bits = 0, int count = 0) => values.Add(new ScriptValue { Tag = tag, Bits = bits, Count = count });

    private void WriteTensor(Tensor tensor)
    {
        tensors.Add(tensor);
        Put(ScriptTag.Tensor, tensor.Handle);
    }

    private void WriteText(string text)
    {
        var copy = Marshal.StringToCoTaskMemUTF8(text);
        texts.Add(copy);
        Put(ScriptTag.Text, copy, Encoding.UTF8.GetByteCount(text));
    }

    private void WriteList(object?[] list)
    {
        Put(ScriptTag.List, 0, list.Length);
        foreach (var item in list) Write(item);
    }

    private static object? Read(ref ReadOnlySpan<ScriptValue> values)
    {
        var value = values[0];
        values = values[1..];
        return value.Tag switch
        {
            ScriptTag.None => null,
            ScriptTag.Tensor => Tensor.UnsafeCreateTensor((nint)value.Bits),
            ScriptTag.Int => value.Bits,
            ScriptTag.Double => BitConverter.Int64BitsToDouble(value.Bits),
            ScriptTag.Bool => value.Bits != 0,
            ScriptTag.Device => new ScriptDevice(value.Bits),
            ScriptTag.Text => Marshal.PtrToStringUTF8((nint)value.Bits, value.Count),
            ScriptTag.List => ReadList(ref values, value.Count),
            _ => new ScriptOther(Marshal.PtrToStringUTF8((nint)value.Bits, value.Count)),
        };
    }

    private static object?[] ReadList(ref ReadOnlySpan<ScriptValue> values, int count)
    {
        var list = new object?[count];
        for (var k = 0; k < count; k++) list[k] = Read(ref values);
        return list;
    }
}
