using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>
/// Reads a pickle of PyTorch's without executing anything: it can build numbers, texts, lists, tuples, dicts and tensors that lie inside
/// their stored data; whatever else a pickle asks for is refused by name.
/// </summary>
internal sealed class StatePickle
{
    private readonly byte[] pickle;
    private readonly Stack<object?> stack = new();
    private readonly Stack<int> marks = new();
    private readonly Dictionary<uint, object?> memo = [];
    private int at;

    private StatePickle(byte[] pickle, int at) => (this.pickle, this.at) = (pickle, at);

    /// <summary>What a pickle holds.</summary>
    /// <param name="pickle">Bytes.</param>
    /// <param name="at">Where it begins; afterwards where it has ended.</param>
    /// <exception cref="FormatException">It is damaged or asks for more than values; the message is a sentence without its subject.</exception>
    public static object? Read(byte[] pickle, ref int at)
    {
        var reader = new StatePickle(pickle, at);
        var value = reader.Whole();
        at = reader.at;
        return value;
    }

    private object? Whole()
    {
        if (Byte() != 0x80 || Byte() is < 2 or > 5) throw new FormatException("does not begin as a pickle");
        for (var code = Byte(); code != '.'; code = Byte()) Do(code);
        return stack.Count == 1 && marks.Count == 0 ? stack.Pop() : throw new FormatException("ends with something unfinished");
    }

    private void Do(byte code)
    {
        switch (code)
        {
            case (byte)'N': stack.Push(null); break;
            case 0x88 or 0x89: stack.Push(code == 0x88); break;
            case (byte)'K': stack.Push((long)Byte()); break;
            case (byte)'M': stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case (byte)'J': stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 0x8a: stack.Push(Long(Bytes(Byte()))); break;
            case (byte)'G': stack.Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case (byte)'X': stack.Push(Encoding.UTF8.GetString(Bytes(Count()))); break;
            case 0x8c: stack.Push(Encoding.UTF8.GetString(Bytes(Byte()))); break;
            case (byte)'U' or (byte)'C': stack.Push(Encoding.Latin1.GetString(Bytes(Byte()))); break;
            case (byte)'B' or (byte)'T': stack.Push(Encoding.Latin1.GetString(Bytes(Count()))); break;
            case (byte)']': stack.Push(new List<object?>()); break;
            case (byte)'}': stack.Push(new PickledDict()); break;
            case (byte)')': stack.Push(Array.Empty<object?>()); break;
            case (byte)'(': marks.Push(stack.Count); break;
            case (byte)'t': stack.Push(Marked()); break;
            case 0x85 or 0x86 or 0x87: stack.Push(Popped(code - 0x84)); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(Marked()); break;
            case (byte)'s': Fill(Popped(2)); break;
            case (byte)'u': Fill(Marked()); break;
            case (byte)'q': Remember(Byte()); break;
            case (byte)'r': Remember(Count()); break;
            case 0x94: Remember((uint)memo.Count); break;
            case (byte)'h': Recall(Byte()); break;
            case (byte)'j': Recall(Count()); break;
            case 0x95: Bytes(8); break;
            case (byte)'c': stack.Push(Global(Line(), Line())); break;
            case 0x93: stack.Push(Global(Popped(2))); break;
            case (byte)'Q': stack.Push(Storage(Arguments())); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            default: throw new FormatException($"has the pickle operation 0x{code:x2}, which no tensor needs; nothing was executed");
        }
    }

    private byte Byte() => Bytes(1)[0];

    private uint Count() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    private ReadOnlySpan<byte> Bytes(uint count)
    {
        if (count > pickle.Length - at) throw new FormatException("is cut short");
        at += (int)count;
        return pickle.AsSpan(at - (int)count, (int)count);
    }

    private string Line()
    {
        var length = pickle.AsSpan(at).IndexOf((byte)'\n');
        if (length < 0) throw new FormatException("is cut short");
        return Encoding.UTF8.GetString(Bytes((uint)length + 1)[..length]);
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

    private object?[] Popped(int count)
    {
        if (count > stack.Count - marks.FirstOrDefault()) throw new FormatException("takes more values than it has put down");
        var values = new object?[count];
        for (var k = count - 1; k >= 0; k--) values[k] = stack.Pop();
        return values;
    }

    private object?[] Marked() => marks.TryPop(out var mark) ? Popped(stack.Count - mark) : throw new FormatException("closes a list that it has not opened");

    private object? Pop() => Popped(1)[0];

    private object? Top()
    {
        var value = Pop();
        stack.Push(value);
        return value;
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

    private void Remember(uint number) => memo[number] = number <= pickle.Length ? Top() : throw new FormatException("numbers its values beyond their count");

    private void Recall(uint number) => stack.Push(memo.TryGetValue(number, out var value) ? value : throw new FormatException("recalls a value that it has not remembered"));

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

    private void Reduce()
    {
        var arguments = Arguments();
        stack.Push(Pop() is PickledCallee callee ? Called(callee.Name, arguments) : throw new FormatException("calls something that is no function"));
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
