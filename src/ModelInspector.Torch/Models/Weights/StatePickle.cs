using System.Text;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>
/// Reads a pickle of PyTorch's without executing anything: it can build numbers, texts, lists, tuples, dicts and tensors that lie inside
/// their stored data; whatever else a pickle asks for is refused by name.
/// </summary>
internal sealed class StatePickle : PickleMachine
{
    private readonly Dictionary<string, PickledStorage> storages;

    private StatePickle(byte[] pickle, int at, Dictionary<string, PickledStorage> storages) : base(pickle, at) => this.storages = storages;

    /// <summary>What a pickle holds.</summary>
    /// <param name="pickle">Bytes.</param>
    /// <param name="at">Where it begins; afterwards where it has ended.</param>
    /// <param name="storages">Takes up the stored data that the pickle refers to, by name.</param>
    /// <exception cref="FormatException">It is damaged or asks for more than values; the message is a sentence without its subject.</exception>
    public static object? Read(byte[] pickle, ref int at, Dictionary<string, PickledStorage>? storages = null)
    {
        var reader = new StatePickle(pickle, at, storages ?? []);
        var value = reader.Whole();
        at = reader.At;
        return value;
    }

    private object? Whole()
    {
        if (Byte() != 0x80 || Byte() is < 2 or > 5) throw new FormatException("does not begin as a pickle");
        return Result(Do);
    }

    private void Do(byte code)
    {
        if (DidPlain(code)) return;
        switch (code)
        {
            case 0x8a: Stack.Push(Long(Bytes(Byte()))); break;
            case 0x8c: Stack.Push(Encoding.UTF8.GetString(Bytes(Byte()))); break;
            case (byte)'U' or (byte)'C': Stack.Push(Encoding.Latin1.GetString(Bytes(Byte()))); break;
            case (byte)'B' or (byte)'T': Stack.Push(Encoding.Latin1.GetString(Bytes(Count()))); break;
            case (byte)']': Stack.Push(new List<object?>()); break;
            case (byte)'}': Stack.Push(new PickledDict()); break;
            case (byte)')': Stack.Push(Array.Empty<object?>()); break;
            case (byte)'t': Stack.Push(Marked()); break;
            case 0x85 or 0x86 or 0x87: Stack.Push(Popped(code - 0x84)); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(Marked()); break;
            case (byte)'s': Fill(Popped(2)); break;
            case (byte)'u': Fill(Marked()); break;
            case 0x94: Remember((uint)Remembered); break;
            case (byte)'h': Recall(Byte()); break;
            case (byte)'j': Recall(Count()); break;
            case 0x95: Bytes(8); break;
            case (byte)'c': Stack.Push(Global(Line(), Line())); break;
            case 0x93: Stack.Push(Global(Popped(2))); break;
            case (byte)'Q': Stack.Push(Known(Storage(Arguments()))); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            default: throw new FormatException($"has the pickle operation 0x{code:x2}, which no tensor needs; nothing was executed");
        }
    }

    // Longer ones stand in a file's beginning only, where they are compared as bytes.
    private static object Long(ReadOnlySpan<byte> digits)
    {
        if (digits.Length > 8) return Convert.ToHexString(digits);
        var value = 0L;
        for (var k = digits.Length - 1; k >= 0; k--) value = (value << 8) | digits[k];
        var unused = 64 - (8 * digits.Length);
        return digits.Length is 0 or 8 ? value : value << unused >> unused;
    }

    private void Append(object?[] values)
    {
        if (Top() is not List<object?> list) throw new FormatException("adds members to something that is no list");
        list.AddRange(values);
    }

    private void Fill(object?[] values)
    {
        if (Top() is not PickledDict dict || values.Length % 2 != 0) throw new FormatException("adds entries to something that is no dict");
        for (var k = 0; k < values.Length; k += 2) dict.Add(values[k], values[k + 1]);
    }

    private void Recall(uint number) => Stack.Push(Recalled(number));

    private object?[] Arguments() => Pop() as object?[] ?? throw new FormatException("calls something without arguments");

    private static object Global(object?[] path) => path is [string module, string name] ? Global(module, name) : throw new FormatException("names a function by something that is no name");

    private static object Global(string module, string name) => (module, name) switch
    {
        ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor" or "_rebuild_parameter") or ("collections", "OrderedDict") or ("torch", "Size" or "device") => new PickledCallee(name),
        ("torch" or "torch.storage", _) when PickledCallee.Types.TryGetValue(name, out var type) => new PickledElement(type),
        _ => throw new FormatException($"asks for `{Short($"{module}.{name}")}`, which is no tensor; nothing was executed. Save the state dict alone: torch.save(model.state_dict(), file)"),
    };

    private static string Short(string name) => name.Length <= 80 ? name : name[..80] + "…";

    private static PickledStorage Storage(object?[] given) => given switch
    {
        ["storage", PickledElement element, string key, string, >= 0L and long count, ..] => new(key, element.Type, count),
        _ => throw new FormatException("has stored data of an unknown kind"),
    };

    private PickledStorage Known(PickledStorage storage) => storages.TryAdd(storage.Key, storage) || storages[storage.Key] == storage ? storage
        : throw new FormatException($"declares the stored data `{storage.Key}` twice, in two ways");

    private void Reduce()
    {
        var arguments = Arguments();
        Stack.Push(Pop() is PickledCallee callee ? Called(callee.Name, arguments) : throw new FormatException("calls something that is no function"));
    }

    private static object? Called(string name, object?[] given) => (name, given) switch
    {
        ("OrderedDict", []) => new PickledDict(),
        ("Size", [object?[] sizes]) => sizes,
        ("device", [string, ..]) => null,
        ("_rebuild_parameter", [PickledTensor tensor, ..]) => tensor,
        ("_rebuild_tensor_v2" or "_rebuild_tensor", [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
            PickledTensor.Inside(storage, offset, [.. Numbers(shape)], [.. Numbers(strides)]),
        _ => throw new FormatException($"calls `{name}` with other arguments than it takes"),
    };

    private static IEnumerable<long> Numbers(object?[] values) => values.Select(value => value is long number ? number : throw new FormatException("declares a tensor of an impossible shape"));

    // What is built onto a dict is its metadata: versions of modules.
    private void Build()
    {
        Pop();
        if (Top() is not PickledDict) throw new FormatException("gives attributes to something that is no dict");
    }
}
