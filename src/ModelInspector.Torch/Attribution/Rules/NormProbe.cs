using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>
/// What a normalisation computes its mean and deviation over, and what it adds to the variance, found by asking the step itself: formats write both in different
/// places, and some fold them into the step.
/// </summary>
internal sealed class NormProbe
{
    private const float Little = 1e-2f, Much = 1e4f;

    private readonly RecordedStep step;
    private readonly int slot;
    private readonly Tensor like;
    private readonly Tensor none;

    /// <param name="step">The normalisation.</param>
    /// <param name="slot">Which of its inputs is normalised: (samples, …).</param>
    public NormProbe(RecordedStep step, int slot)
    {
        (this.step, this.slot) = (step, slot);
        like = zeros_like((Tensor)step.Inputs[slot]!);
        none = Answer(like);
        Axes = [.. Enumerable.Range(1, (int)like.Dimensions - 1).Select(axis => (long)axis).Where(Reaches)];
        Epsilon = Added();
    }

    /// <summary>Axes over which one mean and one deviation are taken.</summary>
    public long[] Axes { get; }

    /// <summary>The number under the root beside the variance.</summary>
    public double Epsilon { get; }

    // A lone value changes what its neighbours give only if they share a mean.
    private bool Reaches(long axis)
    {
        if (like.shape[axis] == 1) return false;
        var lone = like.clone();
        // Alike along all other axes: means over those change nothing elsewhere.
        lone.narrow(axis, 0, 1).fill_(1);
        return (Answer(lone) - none).narrow(axis, 1, like.shape[axis] - 1).abs().max().item<float>() > 0;
    }

    // Values of little variance v are divided by √(v + ε), those of much by √v: their ratio tells ε.
    private double Added()
    {
        var ramp = Ramp();
        var variance = ramp.var(Axes, unbiased: false, keepdim: true).mean().item<float>();
        var (little, much) = (Size(ramp), Size(ramp * (Much / Little)));
        return little > 0 && much > 0 ? Math.Max(0, variance * ((much * much / (little * little)) - 1)) : 1e-5;
    }

    // Signs in turn over the positions that share a mean.
    private Tensor Ramp()
    {
        var ramp = like.clone();
        foreach (var axis in Axes)
        {
            long[] shape = [.. Enumerable.Range(0, (int)like.Dimensions).Select(at => at == axis ? like.shape[axis] : 1)];
            ramp = ramp + (arange(like.shape[axis], dtype: like.dtype, device: like.device).remainder(2) - 0.5).reshape(shape);
        }
        return ramp * Little;
    }

    private double Size(Tensor probe) => (Answer(probe) - none).to(ScalarType.Float64).square().sum().sqrt().item<double>();

    private Tensor Answer(Tensor value)
    {
        object?[] given = [.. step.Inputs];
        given[slot] = value;
        return (Tensor)step.Kernel(given)[0]!;
    }
}
