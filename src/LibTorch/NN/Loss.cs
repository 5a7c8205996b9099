using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A module that compares a prediction with its target.</summary>
public abstract class Loss<T1, T2, TResult> : nn.Module<T1, T2, TResult>
{
    protected Loss(nn.Reduction reduction = nn.Reduction.Mean) : base(nameof(Loss<,,>)) => (name, this.reduction) = (GetType().Name, reduction);

    public nn.Reduction reduction { get; }
}

/// <summary>A loss whose elements weigh differently.</summary>
public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
{
    protected WeightedLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction) => this.weight = weight;

    public Tensor? weight { get; }
}
