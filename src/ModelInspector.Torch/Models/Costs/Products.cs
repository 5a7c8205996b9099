using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>Multiply-adds of the operations that are made of them.</summary>
internal static class Products
{
    /// <summary>A convolution: each output value sums over its window and its group's channels.</summary>
    /// <param name="weight">(filters, channels of a group, window).</param>
    /// <param name="output">What it gives.</param>
    public static long OfConvolution(Tensor weight, Tensor output) => output.numel() * (weight.numel() / Math.Max(1, weight.shape[0]));

    /// <summary>A transposed convolution: each input value is written through its channel's windows.</summary>
    /// <param name="input">What it is given.</param>
    /// <param name="weight">(channels, filters of a group, window).</param>
    public static long OfTransposed(Tensor input, Tensor weight) => input.numel() * (weight.numel() / Math.Max(1, weight.shape[0]));

    /// <summary>A matrix product: each output value sums over the left matrix's columns.</summary>
    public static long OfMatrices(long summed, Tensor output) => output.numel() * summed;

    /// <summary>A recurrent layer: every matrix once a sample and step.</summary>
    /// <param name="matrices">Weights of all gates, of the input and of the state.</param>
    /// <param name="input">(steps, samples, values).</param>
    public static long OfRecurrence(IEnumerable<Tensor> matrices, Tensor input) =>
        matrices.Sum(matrix => matrix.numel()) * input.shape[0] * input.shape[1];

    /// <summary>An Einstein sum: the product of all index ranges.</summary>
    public static long OfEinstein(string equation, IReadOnlyList<Tensor> operands)
    {
        var sizes = new Dictionary<char, long>();
        foreach (var (labels, operand) in equation.Split("->")[0].Split(',').Zip(operands))
            foreach (var (axis, label) in labels.Where(char.IsLetter).Index())
                if (axis < operand.Dimensions) sizes[label] = operand.shape[axis];
        return sizes.Values.Aggregate(1L, (product, size) => product * size);
    }
}
