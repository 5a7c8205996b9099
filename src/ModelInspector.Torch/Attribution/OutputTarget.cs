using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>One number of a named output, as the network gives it: a regression's value, a box's corner, one voxel of a volume.</summary>
/// <param name="Port">Name of the output; empty for the first one.</param>
/// <param name="Index">Where in it, one number for each axis after that of the samples; none where each sample has a single number.</param>
public sealed record OutputTarget(string Port, params ImmutableArray<long> Index) : Target
{
    /// <inheritdoc/>
    public override string Name => (Index.IsEmpty ? "value" : $"value [{string.Join(", ", Index)}]") + (Port.Length == 0 ? " of the first output" : $" of output {Port}");

    /// <inheritdoc/>
    public override string ReadsOutput => Port;

    /// <inheritdoc/>
    /// <exception cref="InputException">The index does not lead to one number of each sample.</exception>
    public override Tensor Of(Tensor scores) => Element.Of(scores, Index, Port.Length == 0 ? "The first output" : $"Output {Port}");
}
