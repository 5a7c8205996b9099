using System.Collections.Immutable;

namespace ModelInspector.Models;

/// <summary>
/// The part of the network's input that one position of a layer's output depends on, at most: a bound from the layers' windows,
/// whatever the weights are. Positions of the output and of the input run along the same axes in the same order.
/// It misleads as size of what matters: positions in its middle reach the output on many more ways than those at its border.
/// </summary>
/// <param name="Axes">For each axis of positions of the input (rows and columns of an image); null where the whole axis is seen.</param>
public sealed record ReceptiveField(ImmutableArray<AxisField?> Axes)
{
    /// <summary>Whether every output position sees the whole input.</summary>
    public bool IsWhole => Axes.All(axis => axis is null);
}
