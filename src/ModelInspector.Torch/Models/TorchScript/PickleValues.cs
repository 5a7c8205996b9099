using System.Collections.Frozen;

namespace ModelInspector.Models.TorchScript;

/// <summary>What a container is.</summary>
internal enum PickleKind
{
    List,
    Tuple,
    Dict,
}

/// <summary>A list, a tuple, or a dict as keys and values in turn. Lists and dicts are filled once, before anything refers to them.</summary>
internal sealed class PickleMembers(PickleKind kind)
{
    internal PickleKind Kind => kind;

    internal object?[] Values { get; private set; } = [];

    /// <summary>Levels of containers, this one included.</summary>
    internal int Depth { get; private set; } = 1;

    internal bool IsFilled { get; private set; }

    internal PickleMembers Filled(object?[] values)
    {
        (Values, IsFilled) = (values, true);
        Depth = 1 + values.Select(DepthOf).DefaultIfEmpty(0).Max();
        return this;
    }

    internal static int DepthOf(object? value) => value switch
    {
        PickleMembers members => members.Depth,
        PickleObject built => built.Depth,
        _ => 0,
    };
}

/// <summary>A function of libtorch's that rebuilds a value.</summary>
internal sealed record PickleCallee(string Name);

/// <summary>A class of the file's own.</summary>
internal sealed record PickleClass;

/// <summary>An object of such a class, before it has its attributes.</summary>
internal sealed record PickleInstance;

/// <summary>An object.</summary>
internal sealed record PickleObject(int Depth);

/// <summary>A device.</summary>
internal sealed record PickleDevice;

/// <summary>A tensor that lies inside its stored data.</summary>
internal sealed record PickleTensor;

/// <summary>Stored data of so many values.</summary>
internal sealed record PickleStorage(long Count);

/// <summary>The element type of stored data, by its size in bytes.</summary>
internal sealed record PickleElement(int Size)
{
    internal static FrozenDictionary<string, int> Sizes { get; } = new Dictionary<string, int>
    {
        ["ByteStorage"] = 1,
        ["CharStorage"] = 1,
        ["BoolStorage"] = 1,
        ["ShortStorage"] = 2,
        ["HalfStorage"] = 2,
        ["BFloat16Storage"] = 2,
        ["IntStorage"] = 4,
        ["FloatStorage"] = 4,
        ["LongStorage"] = 8,
        ["DoubleStorage"] = 8,
    }.ToFrozenDictionary();
}
