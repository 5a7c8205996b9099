using System.Buffers.Binary;
using ModelInspector.Models.Weights;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Reads one pickle of a TorchScript file the way libtorch will, and refuses what libtorch would stumble over: its reader takes from an
/// empty stack, believes any tensor size and nests without end. Nothing is executed; the only things that can be built are numbers, texts,
/// lists, tuples, dicts, tensors that lie inside their stored data, and objects of the file's own classes.
/// </summary>
internal sealed class ScriptPickle : PickleMachine
{
    private const int MostNesting = 200;

    private readonly Func<string, long?> storedBytes;

    private ScriptPickle(byte[] pickle, Func<string, long?> storedBytes) : base(pickle, 0) => this.storedBytes = storedBytes;

    /// <summary>What a pickle holds.</summary>
    /// <param name="pickle">The pickle.</param>
    /// <param name="storedBytes">Size of a storage by its key; null when there is none.</param>
    /// <exception cref="NotSupportedException">It holds tensors that are neither dense nor plain numbers.</exception>
    /// <exception cref="FormatException">libtorch could not read it safely; the message is a sentence without its subject.</exception>
    internal static object? Read(byte[] pickle, Func<string, long?> storedBytes) => new ScriptPickle(pickle, storedBytes).Read();

    private object? Read()
    {
        if (Byte() != 0x80 || Byte() != 2) throw new FormatException("does not begin as a pickle of protocol 2");
        return Value(Result(Do));
    }

    private void Do(byte code)
    {
        if (DidPlain(code)) return;
        switch (code)
        {
            case 0x8a when Byte() == 8: Stack.Push(BinaryPrimitives.ReadInt64LittleEndian(Bytes(8))); break;
            case (byte)']' or (byte)'}': Stack.Push(new PickleMembers(code == ']' ? PickleKind.List : PickleKind.Dict)); break;
            case (byte)')': Stack.Push(Tuple([])); break;
            case (byte)'t': Stack.Push(Tuple(Marked())); break;
            case 0x85 or 0x86 or 0x87: Stack.Push(Tuple(Popped(code - 0x84))); break;
            case (byte)'e' or (byte)'u': Fill(Marked(), code == 'e' ? PickleKind.List : PickleKind.Dict); break;
            case (byte)'h': Recall(Byte()); break;
            case (byte)'j': Recall(Count()); break;
            case (byte)'c': Stack.Push(Global(Line(), Line())); break;
            case (byte)'Q': Stack.Push(Storage(Arguments())); break;
            case (byte)'R': Reduce(); break;
            case 0x81: NewObject(); break;
            case (byte)'b': Build(); break;
            default: throw new FormatException($"has the operation 0x{code:x2}, which TorchScript does not use");
        }
    }

    private static PickleMembers Tuple(object?[] values)
    {
        foreach (var value in values)
            if (value is not (PickleElement or PickleStorage)) Value(value);
        return new PickleMembers(PickleKind.Tuple).Filled(values);
    }

    private void Fill(object?[] values, PickleKind kind)
    {
        foreach (var value in values) Value(value);
        if (Top() is not PickleMembers { IsFilled: false } members || members.Kind != kind) throw new FormatException("fills something that is no new list or dict");
        if (kind == PickleKind.Dict && values.Length % 2 != 0) throw new FormatException("has a key without a value");
        members.Filled(values);
    }

    /// <summary>A list that is still empty when it is recalled stays so: nothing can come to contain itself.</summary>
    private void Recall(uint number)
    {
        var value = Recalled(number);
        if (value is PickleInstance) throw new FormatException("recalls an object before it has its attributes");
        Stack.Push(value is PickleMembers { IsFilled: false } members ? members.Filled([]) : value);
    }

    private object?[] Arguments() => Pop() is PickleMembers { Kind: PickleKind.Tuple } arguments ? arguments.Values : throw new FormatException("calls something without arguments");

    private static object Global(string module, string name) => (module, name) switch
    {
        ("torch.jit._pickle", "build_intlist" or "build_doublelist" or "build_boollist" or "build_tensorlist" or "restore_type_tag") => new PickleCallee(name),
        ("torch._utils", "_rebuild_tensor_v2") or ("collections", "OrderedDict") or ("torch", "device") => new PickleCallee(name),
        ("torch", _) when PickleElement.Sizes.TryGetValue(name, out var size) => new PickleElement(size),
        ("torch._utils", _) => throw new NotSupportedException("holds a quantised or sparse tensor"),
        _ when module == "__torch__" || module.StartsWith("__torch__.", StringComparison.Ordinal) => new PickleClass(),
        _ => throw new FormatException($"asks for `{module}.{name}`, which no network needs"),
    };

    private void Reduce()
    {
        var arguments = Arguments();
        Stack.Push(Pop() is PickleCallee callee ? Called(callee.Name, arguments) : throw new FormatException("calls something that is no function"));
    }

    private static object? Called(string name, object?[] arguments) => (name, arguments) switch
    {
        ("OrderedDict", []) => null,
        ("device", [string]) => new PickleDevice(),
        ("_rebuild_tensor_v2", [PickleStorage storage, long offset, PickleMembers sizes, PickleMembers strides, bool, _]) => Tensor(storage, offset, Numbers(sizes), Numbers(strides)),
        ("build_intlist", [PickleMembers list]) => ListOf<long>(list),
        ("build_doublelist", [PickleMembers list]) => ListOf<double>(list),
        ("build_boollist", [PickleMembers list]) => ListOf<bool>(list),
        ("build_tensorlist", [PickleMembers list]) => ListOf<PickleTensor>(list),
        ("restore_type_tag", [PickleMembers { Kind: PickleKind.List } list, string type]) when type.Length < 1000 && type.StartsWith("List[", StringComparison.Ordinal) => list,
        ("restore_type_tag", [PickleMembers { Kind: PickleKind.Dict } dict, string type]) when type.Length < 1000 && type.StartsWith("Dict[", StringComparison.Ordinal) => dict,
        _ => throw new FormatException($"calls `{name}` with other arguments than it takes"),
    };

    private static PickleMembers ListOf<T>(PickleMembers list) => list.Kind == PickleKind.List && list.Values.All(value => value is T)
        ? list
        : throw new FormatException("has a list whose members are of another type than it says");

    private static long[] Numbers(PickleMembers tuple) => tuple.Kind == PickleKind.Tuple && tuple.Values.Length <= 64 && tuple.Values.All(value => value is >= 0L)
        ? [.. tuple.Values.Select(value => (long)value!)]
        : throw new FormatException("declares a tensor of an impossible shape");

    private PickleStorage Storage(object?[] arguments)
    {
        if (arguments is not ["storage", PickleElement type, string key, string, >= 0L and long count]) throw new FormatException("has stored data of an unknown kind");
        return count == 0 || storedBytes(key) is { } bytes && count <= bytes / type.Size
            ? new PickleStorage(count)
            : throw new FormatException($"declares {count} values in `data/{key}`, which holds fewer");
    }

    private static PickleTensor Tensor(PickleStorage storage, long offset, long[] sizes, long[] strides)
    {
        if (sizes.Length != strides.Length || offset < 0) throw new FormatException("declares a tensor of an impossible shape");
        var last = sizes.Zip(strides, (size, stride) => (Int128)(size - 1) * stride).Aggregate((Int128)offset, (sum, reach) => sum + reach);
        return sizes.Contains(0) || last < storage.Count ? new PickleTensor() : throw new FormatException("declares a tensor that is larger than the data stored for it");
    }

    private void NewObject()
    {
        if (Arguments().Length != 0 || Pop() is not PickleClass) throw new FormatException("makes an object of something that is no class");
        Stack.Push(new PickleInstance());
    }

    private void Build()
    {
        if (Pop() is not PickleMembers { Kind: PickleKind.Dict } state || Pop() is not PickleInstance) throw new FormatException("gives attributes to something that is no object");
        if (state.Values.Where((_, index) => index % 2 == 0).Any(key => key is not string)) throw new FormatException("has an attribute without a name");
        Stack.Push(new PickleObject(state.Depth + 1));
    }

    private static object? Value(object? value) => value is PickleCallee or PickleClass or PickleInstance or PickleElement or PickleStorage
        ? throw new FormatException("keeps something that is no value")
        : PickleMembers.DepthOf(value) < MostNesting ? value : throw new FormatException($"nests values more than {MostNesting} deep");
}
