using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>One output of a step and what it was made from.</summary>
/// <param name="From">Every tensor that the step was given, in order.</param>
/// <param name="Output">The output.</param>
/// <param name="Again">The same output, had the step been given other tensors in place of some.</param>
internal sealed record Passage(ImmutableArray<Seen> From, Tensor Output, Func<IReadOnlyDictionary<Tensor, Tensor>, Tensor> Again)
{
    /// <summary>Those that depend on the input.</summary>
    public ImmutableArray<Seen> Sighted { get; } = [.. From.Where(seen => seen.Sight is not null)];
}
