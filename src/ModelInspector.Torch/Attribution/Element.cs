using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>One number a sample, by its place.</summary>
internal static class Element
{
    /// <param name="values">(samples, …).</param>
    /// <param name="index">One number for each axis after the first; none where each sample has a single number.</param>
    /// <param name="what">What the values are, to begin a sentence with.</param>
    /// <returns>(samples).</returns>
    public static Tensor Of(Tensor values, ImmutableArray<long> index, string what)
    {
        if (index.IsEmpty && values.Dimensions > 0 && values.numel() == values.shape[0]) return values.reshape(-1);
        if (values.Dimensions != index.Length + 1 || index.Index().Any(axis => axis.Item < 0 || axis.Item >= values.shape[axis.Index + 1]))
            throw new InputException($"{what} gives ({string.Join(", ", values.shape)}), samples first, and has no value at "
                + $"({string.Join(", ", index)}). Give one number for each axis after the first, from 0.");
        return index.Aggregate(values, (left, at) => left.select(1, at));
    }
}
