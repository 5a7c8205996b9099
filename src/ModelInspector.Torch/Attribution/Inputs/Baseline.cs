using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>What attributions are measured against: an input that is one value everywhere, and how much of the score's change they account for.</summary>
internal static class Baseline
{
    public const string Summary = "the value everywhere that counts as nothing, in the network's (normalised) units";

    /// <summary>The input that counts as nothing: that value everywhere.</summary>
    public static Tensor Of(Tensor batch, double value) => full_like(batch, value);

    /// <summary>The target as it is for these inputs, and what it is worth at the input and at the baseline: (samples) each.</summary>
    public static (Target Fixed, Tensor AtInput, Tensor AtBaseline) Scored(IModel model, Tensor batch, Tensor baseline, Target target)
    {
        var (known, atInput, _) = Unchanged.Of(model, batch, target);
        return (known, atInput, Unchanged.Of(model, baseline, known).Score);
    }
}
