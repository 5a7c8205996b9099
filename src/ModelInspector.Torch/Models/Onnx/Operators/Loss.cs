using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Losses, for networks that were exported with theirs.</summary>
internal sealed class Loss : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("NegativeLogLikelihoodLoss", node =>
        {
            var (reduction, ignored) = Settings(node);
            return inputs => [NegativeLogLikelihood(inputs.At(0), inputs.At(1), inputs.TryAt(2), reduction, ignored)];
        }) { Since = 12, Settings = [2] },
        new("SoftmaxCrossEntropyLoss", node =>
        {
            var (reduction, ignored) = Settings(node);
            return inputs =>
            {
                var logarithms = inputs.At(0).log_softmax(1);
                return [NegativeLogLikelihood(logarithms, inputs.At(1), inputs.TryAt(2), reduction, ignored), logarithms];
            };
        }) { Since = 12, Settings = [2] },
    ];

    private static (string Reduction, long? Ignored) Settings(Operation node) =>
        (node.Text("reduction", "mean"), node.Has("ignore_index") ? node.Int("ignore_index", 0) : null);

    // Scores (N, C, …), classes (N, …): the weighted mean divides by the weights that count.
    private static Tensor NegativeLogLikelihood(Tensor scores, Tensor classes, Tensor? weights, string reduction, long? ignored)
    {
        var chosen = classes.to(ScalarType.Int64);
        var counts = ignored is { } none ? chosen.ne(none) : ones_like(chosen, ScalarType.Bool);
        var safe = where(counts, chosen, zeros_like(chosen));
        var own = weights is null ? ones_like(safe, scores.dtype) : weights.index_select(0, safe.reshape(-1)).reshape(safe.shape);
        var weight = own * counts.to(scores.dtype);
        var losses = scores.gather(1, safe.unsqueeze(1)).squeeze(1).neg() * weight;
        return reduction switch
        {
            "none" => losses,
            "sum" => losses.sum(),
            _ => losses.sum() / weight.sum(),
        };
    }
}
