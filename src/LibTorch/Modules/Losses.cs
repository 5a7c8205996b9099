using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>−log softmax(input)[target]; targets are classes, or probabilities of the input's shape.</summary>
public sealed class CrossEntropyLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, nn.Reduction reduction = nn.Reduction.Mean, double label_smoothing = 0) : base(weight, reduction) =>
        (this.ignore_index, this.label_smoothing) = (ignore_index, label_smoothing);

    public long? ignore_index { get; }
    public double label_smoothing { get; }

    public override Tensor forward(Tensor input, Tensor target) => F.cross_entropy(input, target, weight, ignore_index ?? -100, reduction, label_smoothing);
}

/// <summary>−input[target], the input being log-probabilities.</summary>
public sealed class NLLLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public NLLLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(weight, reduction) { }

    public override Tensor forward(Tensor input, Tensor target) => F.nll_loss(input, target, weight, reduction);
}

/// <summary>(input − target)².</summary>
public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
{
    public MSELoss(nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) { }

    public override Tensor forward(Tensor input, Tensor target) => F.mse_loss(input, target, reduction);
}

/// <summary>|input − target|.</summary>
public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
{
    public L1Loss(nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) { }

    public override Tensor forward(Tensor input, Tensor target) => F.l1_loss(input, target, reduction);
}

/// <summary>d²/(2β) where |d| is below β, |d| − β/2 above.</summary>
public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
{
    private readonly double beta;

    public SmoothL1Loss(nn.Reduction reduction = nn.Reduction.Mean, double beta = 1) : base(reduction) => this.beta = beta;

    public override Tensor forward(Tensor input, Tensor target) => F.smooth_l1_loss(input, target, reduction, beta);
}

/// <summary>d²/2 where |d| is below δ, δ(|d| − δ/2) above.</summary>
public sealed class HuberLoss : Loss<Tensor, Tensor, Tensor>
{
    public HuberLoss(double delta = 1, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) => this.delta = delta;

    public double delta { get; }

    public override Tensor forward(Tensor input, Tensor target) => F.huber_loss(input, target, delta, reduction);
}

/// <summary>−target·log input − (1 − target)·log(1 − input).</summary>
public sealed class BCELoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public BCELoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(weight, reduction) { }

    public override Tensor forward(Tensor input, Tensor target) => F.binary_cross_entropy(input, target, weight, reduction);
}

/// <summary>The binary cross entropy of σ(input), computed without overflow.</summary>
public sealed class BCEWithLogitsLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public BCEWithLogitsLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean, Tensor? pos_weights = null) : base(weight, reduction) => this.pos_weights = pos_weights;

    public Tensor? pos_weights { get; }

    public override Tensor forward(Tensor input, Tensor target) => F.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
}

/// <summary>Σ target·(log target − input).</summary>
public sealed class KLDivLoss : Loss<Tensor, Tensor, Tensor>
{
    public KLDivLoss(bool log_target = true, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) => this.log_target = log_target;

    public bool log_target { get; }

    public override Tensor forward(Tensor input, Tensor target) => F.kl_div(input, target, log_target, reduction);
}

/// <summary>1 − cos for pairs that belong together (target 1), max(0, cos − margin) for others (target −1).</summary>
public sealed class CosineEmbeddingLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    internal CosineEmbeddingLoss(double margin, nn.Reduction reduction) : base(nameof(CosineEmbeddingLoss)) => (this.margin, this.reduction) = (margin, reduction);

    public double margin { get; }
    public nn.Reduction reduction { get; }

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => F.cosine_embedding_loss(input1, input2, target, margin, reduction);
}

/// <summary>max(0, −target·(input1 − input2) + margin).</summary>
public sealed class MarginRankingLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    internal MarginRankingLoss(double margin, nn.Reduction reduction) : base(nameof(MarginRankingLoss)) => (this.margin, this.reduction) = (margin, reduction);

    public double margin { get; }
    public nn.Reduction reduction { get; }

    public override Tensor forward(Tensor input1, Tensor input2, Tensor target) => F.margin_ranking_loss(input1, input2, target, margin, reduction);
}

/// <summary>max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin).</summary>
public sealed class TripletMarginLoss : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly double p;
    private readonly double eps;
    private readonly bool swap;

    internal TripletMarginLoss(double margin, double p, double eps, bool swap, nn.Reduction reduction) : base(nameof(TripletMarginLoss)) =>
        (this.margin, this.p, this.eps, this.swap, this.reduction) = (margin, p, eps, swap, reduction);

    public double margin { get; }
    public nn.Reduction reduction { get; }

    public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => F.triplet_margin_loss(input1, input2, input3, margin, p, eps, swap, reduction);
}

/// <summary>The cosine of the angle between two inputs along a dimension.</summary>
public sealed class CosineSimilarity : nn.Module<Tensor, Tensor, Tensor>
{
    internal CosineSimilarity(long dim, double eps) : base(nameof(CosineSimilarity)) => (this.dim, this.eps) = (dim, eps);

    public long dim { get; set; }
    public double eps { get; set; }

    public override Tensor forward(Tensor input1, Tensor input2) => F.cosine_similarity(input1, input2, dim, eps);
}
