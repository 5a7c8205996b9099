using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>Kinds of values: layers are what gives <see cref="Real"/> ones.</summary>
internal enum ValueKind
{
    /// <summary>Floating-point numbers.</summary>
    Real,

    /// <summary>Whole numbers: indices, shapes, classes.</summary>
    Whole,

    /// <summary>Yes or no.</summary>
    Truth,

    /// <summary>A list of tensors.</summary>
    List,
}

/// <summary>Prepares a node's kernel: whatever its attributes and constant inputs decide is decided here, once.</summary>
internal delegate Kernel Prepare(Operation node);

/// <summary>An operator that we can run.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Prepare">Makes the kernel of one node.</param>
internal sealed record Operator(string Name, Prepare Prepare)
{
    /// <summary>Operator-set version from which on this entry holds; the entry with the largest one that is not above the file's is used.</summary>
    public int Since { get; init; } = 1;

    /// <summary>Set of operators; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Kind of each output; null where it is the kind of the first input.</summary>
    public Func<Operation, int, ValueKind?> Gives { get; init; } = (_, _) => null;

    /// <summary>Inputs that set how it works and are never trained, even where they are real numbers: limits, scales, statistics.</summary>
    public ImmutableArray<int> Settings { get; init; } = [];

    /// <summary>Whether its output depends on its inputs' shapes alone.</summary>
    public bool ReadsShape { get; init; }

    /// <summary>Whether gradients flow through it.</summary>
    public bool Differentiable { get; init; } = true;

    /// <summary>Whether it can be computed at load when all its inputs are constants.</summary>
    public bool Foldable { get; init; } = true;

    /// <summary>An operator whose outputs all are of one kind.</summary>
    public static Operator Giving(ValueKind kind, string name, Prepare prepare, int since = 1) =>
        new(name, prepare) { Since = since, Gives = (_, _) => kind, Differentiable = kind == ValueKind.Real };

    /// <summary>An operator on one tensor that has no attributes.</summary>
    public static Operator Of(string name, Func<Tensor, Tensor> formula) => new(name, _ => Kernels.Of(formula));
}
