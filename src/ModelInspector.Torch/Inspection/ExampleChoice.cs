using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Which samples are shown at display size: every class has its turn, and up to half of the places go to wrong predictions.</summary>
internal static class ExampleChoice
{
    /// <summary>Indices in ascending order.</summary>
    /// <param name="labels">Class of each sample, -1 without label.</param>
    /// <param name="predicted">Predicted class of each sample.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="seed">Decides among equals.</param>
    public static ImmutableArray<int> Of(ImmutableArray<int> labels, ImmutableArray<int> predicted, int most, ulong seed)
    {
        var order = new Randomness(seed, 0xE6).Choose(labels.Length, labels.Length);
        var wrong = InTurn(order.Where(i => labels[i] >= 0 && labels[i] != predicted[i]), labels, predicted).Take(most / 2).ToHashSet();
        var right = InTurn(order.Where(i => !wrong.Contains(i)), labels, predicted).Take(most - wrong.Count);
        return [.. wrong.Concat(right).Order()];
    }

    // One of each class, then a second of each, and so on.
    private static IEnumerable<int> InTurn(IEnumerable<int> samples, ImmutableArray<int> labels, ImmutableArray<int> predicted) =>
        samples.GroupBy(i => labels[i] >= 0 ? labels[i] : predicted[i]).OrderBy(group => group.Key)
            .SelectMany(group => group.Select((sample, turn) => (sample, turn))).OrderBy(pair => pair.turn).Select(pair => pair.sample);
}
