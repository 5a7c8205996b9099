using System.Collections.Immutable;
using ModelInspector.Evaluation.Shortcuts;

namespace ModelInspector.Inspection;

/// <summary>A place outside the masks to which the maps of both halves of the samples point. A sample is tested with the rectangle that the other half found.</summary>
/// <param name="Found">The rectangle found in each half.</param>
/// <param name="Halves">The half of each sample.</param>
internal sealed record Suspect((Region First, Region Second) Found, ImmutableArray<int> Halves)
{
    /// <summary>The rectangle around both.</summary>
    public Region Frame => Found.First.With(Found.Second);

    /// <summary>The rectangle that a sample is tested with.</summary>
    public Region For(int sample) => Halves[sample] == 0 ? Found.Second : Found.First;

    /// <summary>Places that both halves point at, in the first half's order; what only one half points at is chance.</summary>
    public static ImmutableArray<Suspect> Among(ImmutableArray<Region> first, ImmutableArray<Region> second, ImmutableArray<int> halves)
    {
        var left = second.ToList();
        var found = ImmutableArray.CreateBuilder<Suspect>();
        foreach (var region in first)
            if (left.FindIndex(region.Touches) is >= 0 and var at)
            {
                found.Add(new Suspect((region, left[at]), halves));
                left.RemoveAt(at);
            }
        return found.ToImmutable();
    }
}
