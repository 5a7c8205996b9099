using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class LossTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor input = Close.Input(4, 3);
    private readonly Tensor other = Close.Input(5, 3)[TensorIndex.Slice(1)].contiguous();
    private readonly Tensor classes = tensor([2L, 0L, 1L, 2L]);

    public void Dispose() => scope.Dispose();

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] LogSoftmax(double[] row)
    {
        var sum = Math.Log(row.Sum(Math.Exp));
        return [.. row.Select(x => x - sum)];
    }

    /// <summary>All three reductions of a loss that works element by element.</summary>
    private void IsElementwise(Func<Reduction, Loss<Tensor, Tensor, Tensor>> make, Tensor x, Tensor y, Func<double, double, double> formula)
    {
        double[] elements = [.. Close.Numbers(x).Zip(Close.Numbers(y), formula)];
        Close.To(elements, make(Reduction.None).call(x, y), 1e-12);
        Close.To([elements.Average()], make(Reduction.Mean).call(x, y), 1e-12);
        Close.To([elements.Sum()], make(Reduction.Sum).call(x, y), 1e-12);
    }

    [Fact]
    public void Losses_on_differences_are_their_formulas()
    {
        IsElementwise(reduction => MSELoss(reduction), input, other, (x, y) => (x - y) * (x - y));
        IsElementwise(reduction => L1Loss(reduction), input, other, (x, y) => Math.Abs(x - y));
        IsElementwise(reduction => SmoothL1Loss(reduction, 0.5), input, other, (x, y) => Math.Abs(x - y) is var d && d < 0.5 ? d * d : d - 0.25);
        IsElementwise(reduction => SmoothL1Loss(reduction, 0), input, other, (x, y) => Math.Abs(x - y));
        IsElementwise(reduction => HuberLoss(0.5, reduction), input, other, (x, y) => Math.Abs(x - y) is var d && d < 0.5 ? d * d / 2 : 0.5 * (d - 0.25));
    }

    [Fact]
    public void Binary_cross_entropy_takes_probabilities_or_logits()
    {
        var target = (other > 0).to(ScalarType.Float64);
        IsElementwise(reduction => BCEWithLogitsLoss(reduction: reduction), input, target, (x, y) => -(y * Math.Log(Sigma(x))) - ((1 - y) * Math.Log(1 - Sigma(x))));
        IsElementwise(reduction => BCELoss(reduction: reduction), input.sigmoid(), target, (x, y) => -(y * Math.Log(x)) - ((1 - y) * Math.Log(1 - x)));
        var weighted = BCEWithLogitsLoss(weight: tensor([1.0, 2.0, 3.0]), reduction: Reduction.None, pos_weights: full(3, 2.0, ScalarType.Float64));
        var plain = BCEWithLogitsLoss(reduction: Reduction.None).call(input, target);
        Close.To(plain * (target + 1) * tensor([1.0, 2.0, 3.0]), weighted.call(input, target), 1e-12);
    }

    [Fact]
    public void Cross_entropy_is_the_negative_log_probability_of_the_class()
    {
        var rows = Close.Numbers(input).Chunk(3).Select(LogSoftmax).ToArray();
        int[] target = [2, 0, 1, 2];
        double[] each = [.. rows.Select((row, i) => -row[target[i]])];
        Close.To(each, CrossEntropyLoss(reduction: Reduction.None).call(input, classes), 1e-12);
        Close.To([each.Average()], CrossEntropyLoss().call(input, classes), 1e-12);
        Close.To([each.Average()], NLLLoss().call(functional.log_softmax(input, 1), classes), 1e-12);
        Close.To([(each[1] + each[2]) / 2], CrossEntropyLoss(ignore_index: 2).call(input, classes), 1e-12);
        double[] weights = [1, 2, 3];
        Close.To([each.Select((loss, i) => loss * weights[target[i]]).Sum() / target.Sum(c => weights[c])],
            CrossEntropyLoss(weight: tensor(weights)).call(input, classes), 1e-12);
        Close.To(rows.Select((row, i) => (-0.9 * row[target[i]]) - (0.1 * row.Average())),
            new CrossEntropyLoss(reduction: Reduction.None, label_smoothing: 0.1).call(input, classes), 1e-12);
    }

    [Fact]
    public void Divergence_takes_its_target_as_logarithms_unless_told_otherwise()
    {
        var (p, q) = (functional.log_softmax(other, 1), functional.log_softmax(input, 1));
        double[] each = [.. Close.Numbers(p).Zip(Close.Numbers(q), (target, x) => Math.Exp(target) * (target - x))];
        Close.To([each.Average()], KLDivLoss().call(q, p), 1e-12);
        Close.To([each.Sum()], KLDivLoss(log_target: false, Reduction.Sum).call(q, p.exp()), 1e-12);
    }

    [Fact]
    public void Losses_on_pairs_and_triplets_are_their_formulas()
    {
        var target = tensor([1.0, -1.0, 1.0, -1.0]);
        double[] cosine = Close.Numbers(CosineSimilarity(1).call(input, other));
        Close.To(cosine.Select((c, i) => i % 2 == 0 ? 1 - c : Math.Max(0, c - 0.2)), CosineEmbeddingLoss(0.2, Reduction.None).call(input, other, target), 1e-12);
        var (x, y) = (input.select(1, 0), other.select(1, 0));
        Close.To(Close.Numbers(x).Zip(Close.Numbers(y)).Select((pair, i) => Math.Max(0, ((i % 2 == 0 ? -1 : 1) * (pair.First - pair.Second)) + 0.1)),
            MarginRankingLoss(0.1, Reduction.None).call(x, y, target), 1e-12);
        var third = input.flip(0);
        Close.To((functional.pairwise_distance(input, other) - functional.pairwise_distance(input, third) + 1).clamp_min(0), TripletMarginLoss(reduction: Reduction.None).call(input, other, third), 1e-12);
    }

    [Fact]
    public void Cosine_and_distance_are_those_of_rows()
    {
        var (a, b) = (tensor([3.0, 4.0]).reshape(1, 2), tensor([4.0, 3.0]).reshape(1, 2));
        Close.To([24.0 / 25], CosineSimilarity().call(a, b), 1e-12);
        Close.To([Math.Sqrt(2)], functional.pairwise_distance(a, b), 1e-5);
    }

    [Fact]
    public void The_gradient_of_cross_entropy_is_the_error_of_the_probabilities()
    {
        var logits = input.clone().requires_grad_(true);
        CrossEntropyLoss().call(logits, classes).backward();
        Close.To((functional.softmax(input, 1) - functional.one_hot(classes, 3)) / 4, logits.grad!, 1e-12);
    }
}
