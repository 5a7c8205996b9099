using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>Candidates as <see cref="PairFilter"/> meets them: by place in packed rows.</summary>
internal sealed class CandidateView
{
    private readonly Candidates target;
    private readonly int[]? slots;
    private readonly Func<int, int, bool>? met;

    /// <param name="target">Candidates that are counted in the same order as the packed rows.</param>
    public CandidateView(Candidates target) => (this.target, Reach) = (target, target.Reach);

    /// <param name="target">Candidates.</param>
    /// <param name="slots">Which of them lies at each place.</param>
    /// <param name="met">Whether two of them have met before.</param>
    public CandidateView(Candidates target, int[] slots, Func<int, int, bool> met)
    {
        (this.target, this.slots, this.met, Reach) = (target, slots, met, new float[target.Reach.Length]);
        Reach.AsSpan().Fill(float.PositiveInfinity);
        for (var place = 0; place < slots.Length; place++) Reach[place] = target.Reach[slots[place]];
    }

    /// <summary>Per place: the closeness that a candidate must reach to be offered.</summary>
    public float[] Reach { get; }

    /// <summary>The smallest closeness that any of some places still takes.</summary>
    public float FarthestReach(int place, int count) => TensorPrimitives.Min<float>(Reach.AsSpan(place, Math.Min(count, Reach.Length - place)));

    /// <summary>Takes a candidate that reaches far enough.</summary>
    public void Offer(int place, float closeness, int index)
    {
        if (slots is null)
        {
            target.Offer(place, closeness, index);
            return;
        }
        if (met!(slots[place], index)) return;
        target.Offer(slots[place], closeness, index);
        Reach[place] = target.Reach[slots[place]];
    }
}
