using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>What a network is given: named tensors, or one tensor for its only input.</summary>
public readonly struct Inputs
{
    private readonly Tensor? single;
    private readonly ImmutableDictionary<string, Tensor>? named;

    private Inputs(Tensor? single, ImmutableDictionary<string, Tensor>? named) => (this.single, this.named) = (single, named);

    /// <summary>One tensor for the first input.</summary>
    public static implicit operator Inputs(Tensor tensor) => new(tensor, null);

    /// <summary>One tensor for the first input.</summary>
    public static Inputs FromTensor(Tensor tensor) => tensor;

    /// <summary>Tensors by input name.</summary>
    public static Inputs Named(IEnumerable<KeyValuePair<string, Tensor>> tensors) => new(null, tensors.ToImmutableDictionary());

    /// <summary>The tensor for each port, in the ports' order.</summary>
    /// <exception cref="InputException">A port is given nothing.</exception>
    public Tensor[] For(ImmutableArray<Port> ports)
    {
        if (single is not null && ports.Length == 1) return [single];
        var (one, given) = (single, named);
        return [.. ports.Select((port, index) =>
            given is not null && given.TryGetValue(port.Name, out var tensor) ? tensor
            : one is not null && index == 0 ? one
            : throw new InputException($"The network's input `{port.Name}` is given nothing. It has {ports.Length} inputs: "
                + $"{string.Join(", ", ports.Select(p => p.Name))}; give each one a tensor by its name."))];
    }
}
