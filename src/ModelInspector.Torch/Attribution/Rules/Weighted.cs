using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>A convolution or a linear layer whose weights can be changed: a product of input and weights, plus a constant.</summary>
/// <param name="Input">What it read from the network's input.</param>
/// <param name="Weight">Its weights.</param>
/// <param name="Constant">What it gives for a zero input, broadcastable to its output; null for nothing.</param>
/// <param name="Product">The product of an input and weights, without the constant.</param>
/// <param name="Slot">Which of the step's inputs comes from the network's input.</param>
internal sealed record Weighted(Tensor Input, Tensor Weight, Tensor? Constant, Func<Tensor, Tensor, Tensor> Product, int Slot)
{
    /// <summary>Whether it looks at windows of positions: a convolution.</summary>
    public bool IsConvolution => Input.Dimensions > 2 && Weight.Dimensions > 2;

    /// <summary>A step of kind <see cref="OpKind.Weighted"/>; null where its weights cannot be told from its settings.</summary>
    public static Weighted? Of(RecordedStep step)
    {
        var slot = step.FromInput.IndexOf(true);
        var constants = step.Inputs.Index().Where(input => !step.FromInput[input.Index] && input.Item is Tensor tensor && tensor.is_floating_point())
            .OrderByDescending(input => ((Tensor)input.Item!).Dimensions).ThenByDescending(input => ((Tensor)input.Item!).numel()).Select(input => input.Index).ToList();
        if (constants.Count is 0 or > 2 || step.Inputs[slot] is not Tensor input) return null;
        var bias = constants.Count == 2 ? constants[1] : -1;
        Tensor Run(Tensor x, Tensor weight, bool biased)
        {
            object?[] given = [.. step.Inputs];
            (given[slot], given[constants[0]]) = (x, weight);
            if (bias >= 0 && !biased) given[bias] = zeros_like((Tensor)given[bias]!);
            return (Tensor)step.Kernel(given)[0]!;
        }
        var weights = (Tensor)step.Inputs[constants[0]]!;
        var constant = bias < 0 ? null : Run(zeros_like(input.narrow(0, 0, 1)), weights, true);
        return new(input, weights, constant, (x, weight) => Run(x, weight, false), slot);
    }

    /// <summary>The same layer with what a batch norm does to its output taken into its weights; null where that cannot be told.</summary>
    /// <param name="scale">(1, channels, 1…): the batch norm's factors.</param>
    /// <param name="shift">(1, channels, 1…): what it adds.</param>
    public Weighted? Merged(Tensor scale, Tensor shift)
    {
        var wanted = Product(Input, Weight) * scale;
        for (var axis = 0; axis < Weight.Dimensions; axis++)
        {
            if (Weight.shape[axis] != scale.numel()) continue;
            long[] along = [.. Enumerable.Range(0, (int)Weight.Dimensions).Select(at => at == axis ? -1L : 1)];
            var weight = Weight * scale.reshape(along);
            if (Product(Input, weight).allclose(wanted, 1e-3, 1e-5 * wanted.abs().max().item<float>()))
                return this with { Weight = weight, Constant = Constant is null ? shift : (Constant * scale) + shift };
        }
        return null;
    }

    /// <summary>Shares out relevance among the inputs in proportion to their part in a sum of products.</summary>
    /// <param name="relevance">Of the output.</param>
    /// <param name="epsilon">What keeps the sum from zero, and takes relevance itself.</param>
    /// <param name="constant">What belongs to the sum but to no input.</param>
    /// <param name="terms">Inputs and weights whose products are summed.</param>
    /// <returns>Of the input's shape.</returns>
    public Tensor Share(Tensor relevance, double epsilon, Tensor? constant, params ReadOnlySpan<(Tensor Input, Tensor Weight)> terms)
    {
        using var grad = enable_grad();
        var leaves = new List<Tensor>();
        var products = new List<Tensor>();
        foreach (var (input, weight) in terms)
        {
            leaves.Add(input.detach().requires_grad_());
            products.Add(Product(leaves[^1], weight));
        }
        var sum = products.Skip(1).Aggregate(products[0].detach(), (left, right) => left + right.detach());
        var each = relevance / Stable(constant is null ? sum : sum + constant, epsilon);
        var slopes = autograd.grad(products, leaves, [.. products.Select(_ => each)]);
        return leaves.Zip(slopes, (leaf, slope) => leaf.detach() * slope).Aggregate((left, right) => left + right);
    }

    /// <summary>Away from zero by epsilon, to the side where the value is; zero counts as positive.</summary>
    public static Tensor Stable(Tensor values, double epsilon) => values + (values.ge(0).to(values.dtype).mul(2).sub(1) * epsilon);
}
