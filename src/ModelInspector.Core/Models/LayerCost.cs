using System.Collections.Immutable;

namespace ModelInspector.Models;

/// <summary>What a layer costs in one run, and what it sees.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Output">Shape of its output in that run; empty when it did not run or gives no tensor.</param>
/// <param name="MultiplyAdds">
/// Products that are added up: convolutions and matrix products; a normalisation counts one for each value. A fused multiply-add
/// is one, not two; additions, activations and pools count none.
/// </param>
/// <param name="Bytes">Memory of its output.</param>
/// <param name="Field">What a position of its output sees of the input; null where that is unknown, or where it sees nothing of it.</param>
/// <param name="Time">Time of its own work, the mean of the runs.</param>
public sealed record LayerCost(Layer Layer, ImmutableArray<long> Output, long MultiplyAdds, long Bytes, ReceptiveField? Field, TimeSpan Time);
