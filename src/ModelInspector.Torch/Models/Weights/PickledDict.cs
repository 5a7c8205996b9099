using System.Collections.Frozen;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>A dict whose keys are texts; entries under other keys are dropped, as no weight has such a name.</summary>
internal sealed class PickledDict
{
    private readonly Dictionary<string, object?> entries = [];

    /// <summary>What it holds.</summary>
    public IReadOnlyDictionary<string, object?> Entries => entries;

    public void Add(object? key, object? value)
    {
        if (key is string name) entries[name] = value;
    }
}

/// <summary>A function of PyTorch's that rebuilds a value.</summary>
internal sealed record PickledCallee(string Name)
{
    /// <summary>Element types by the name of their storage.</summary>
    public static FrozenDictionary<string, ScalarType> Types { get; } = new Dictionary<string, ScalarType>
    {
        ["ByteStorage"] = ScalarType.Byte,
        ["CharStorage"] = ScalarType.Int8,
        ["BoolStorage"] = ScalarType.Bool,
        ["ShortStorage"] = ScalarType.Int16,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["IntStorage"] = ScalarType.Int32,
        ["FloatStorage"] = ScalarType.Float32,
        ["LongStorage"] = ScalarType.Int64,
        ["DoubleStorage"] = ScalarType.Float64,
    }.ToFrozenDictionary();
}

/// <summary>The element type of stored data.</summary>
internal sealed record PickledElement(ScalarType Type);
