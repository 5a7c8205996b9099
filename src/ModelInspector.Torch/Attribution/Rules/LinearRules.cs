using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>ε: in proportion to x·w; ε itself takes relevance where the sum is small. With the smallest ε it is the rule 0.</summary>
internal sealed record EpsilonRule(double Epsilon) : ILinearRule
{
    public Tensor Share(Weighted layer, Tensor relevance) => layer.Share(relevance, Epsilon, layer.Constant, (layer.Input, layer.Weight));
}

/// <summary>
/// γ: what works in the direction of the output counts 1 + γ times; written for inputs of either sign, so that outputs below zero
/// are treated as those above. Source: Andéol et al., Learning domain invariant representations by joint Wasserstein distance minimization, 2021, in its generalised form.
/// </summary>
internal sealed record GammaRule(double Gamma, double Epsilon) : ILinearRule
{
    public Tensor Share(Weighted layer, Tensor relevance)
    {
        var (x, w, c) = (layer.Input, layer.Weight, layer.Constant);
        var (above, below) = (w + Gamma * w.clamp_min(0), w + Gamma * w.clamp_max(0));
        var isAbove = (layer.Product(x, w) + (c ?? 0)).gt(0).to(relevance.dtype);
        var up = layer.Share(relevance * isAbove, Epsilon, c is null ? null : c + Gamma * c.clamp_min(0), (x.clamp_min(0), above), (x.clamp_max(0), below));
        var down = layer.Share(relevance * (1 - isAbove), Epsilon, c is null ? null : c + Gamma * c.clamp_max(0), (x.clamp_min(0), below), (x.clamp_max(0), above));
        return up + down;
    }
}

/// <summary>αβ: what adds and what takes away are shared out apart, α and β times. α = 1, β = 0 is z⁺. The positive part of a constant takes its share of what adds, the negative one of what takes away.</summary>
internal sealed record AlphaBetaRule(double Alpha, double Beta, double Epsilon) : ILinearRule
{
    public Tensor Share(Weighted layer, Tensor relevance)
    {
        var (x, w, c) = (layer.Input, layer.Weight, layer.Constant);
        var (more, less) = ((x.clamp_min(0), x.clamp_max(0)), (w.clamp_min(0), w.clamp_max(0)));
        var adds = layer.Share(relevance * Alpha, Epsilon, c?.clamp_min(0), (more.Item1, less.Item1), (more.Item2, less.Item2));
        return Beta == 0 ? adds : adds - layer.Share(relevance * Beta, Epsilon, c?.clamp_max(0), (more.Item1, less.Item2), (more.Item2, less.Item1));
    }
}

/// <summary>zᴮ: for inputs between bounds; in proportion to x·w − low·w⁺ − high·w⁻. For the first layer.</summary>
/// <param name="Low">Lowest value an input can have; null for the lowest of each sample.</param>
/// <param name="High">Highest value an input can have; null for the highest of each sample.</param>
/// <param name="Epsilon">What keeps the sum from zero.</param>
internal sealed record BoxRule(double? Low, double? High, double Epsilon) : ILinearRule
{
    public Tensor Share(Weighted layer, Tensor relevance)
    {
        var (x, w) = (layer.Input, layer.Weight);
        var (low, high) = (Bound(x, Low, each => each.amin([1])), Bound(x, High, each => each.amax([1])));
        return layer.Share(relevance, Epsilon, null, (x, w), (low, -w.clamp_min(0)), (high, -w.clamp_max(0)));
    }

    private static Tensor Bound(Tensor x, double? given, Func<Tensor, Tensor> found) =>
        given is { } bound ? full_like(x, bound) : found(x.flatten(1)).reshape([x.shape[0], .. Enumerable.Repeat(1L, (int)x.Dimensions - 1)]).expand_as(x).contiguous();
}

/// <summary>w²: in proportion to the squared weights, whatever the input. For the first layer.</summary>
internal sealed record SquareRule(double Epsilon) : ILinearRule
{
    public Tensor Share(Weighted layer, Tensor relevance) => layer.Share(relevance, Epsilon, null, (ones_like(layer.Input), layer.Weight.square()));
}

/// <summary>Flat: evenly among all inputs that are looked at. For the first layer.</summary>
internal sealed record FlatRule(double Epsilon) : ILinearRule
{
    public Tensor Share(Weighted layer, Tensor relevance) => layer.Share(relevance, Epsilon, null, (ones_like(layer.Input), ones_like(layer.Weight)));
}
