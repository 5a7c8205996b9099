using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>Layer-wise relevance propagation: the score is handed back layer by layer, each time shared out among what made it.</summary>
/// <remarks>
/// Formula: R_j = Σ_k z_jk / Σ_j z_jk · R_k, where a rule says what z is: 0 and ε x w; γ x (w + γ w⁺); αβ what adds and what takes away apart; z⁺ α = 1;
/// zᴮ x w − low w⁺ − high w⁻; w² w²; flat 1. A composite says which layer gets which rule. Batch norms behind a weighted layer are merged into it.
/// Activations pass relevance on; sums share it by ε; maxima give it to the winner, average pools share it by ε. Of products (gates, attention)
/// the signal takes all and the gate (soft-max, sigmoid, erf) nothing, equals half each; divisors and the deviation of a layer norm count as constants.
/// Starts at score · ∂ target / ∂ score. Result: the input's or the layer's shape, unit: score. Sums to the score but for what constants and ε take;
/// what arrives is told. Without constants (<c>ignore-bias</c>) no sum holds one, so that all goes to the inputs, but where a constant is all there is; <c>through</c> leads on only what
/// reaches the given channels of the given layers, so that the map shows what they read (concept relevance propagation). Cost: one forward, and about two more runs of every layer to lead back.
/// Source: Bach et al., PLoS ONE 2015; rules and composites: Montavon et al., Layer-wise relevance propagation: an overview, 2019; attention and layer norm: Ali et al., ICML 2022; through channels: Achtibat et al., Nature Machine Intelligence 2023.
/// Misleads: another composite gives another picture of the same network; z⁺ and αβ hardly change when upper layers are randomised (Sixt et al., ICML 2020).
/// </remarks>
[Method("lrp", "Bach et al., On pixel-wise explanations, PLoS ONE 2015; Montavon et al., Layer-wise relevance propagation: an overview, 2019", Summary = "The score handed back layer by layer, shared out among what made it.")]
public sealed record Lrp(
    [Description("which layer gets which rule")] Composite Composite = Composite.EpsilonPlus,
    [Description("ε, which keeps sums from zero and takes relevance itself"), Range(0.0, 1000.0)] double Epsilon = 1e-6,
    [Description("how much more counts what works in the output's direction, for γ"), Range(0.0, 1000.0)] double Gamma = 0.25,
    [Description("lowest value of an input, for zᴮ; the sample's own where not given")] double? Low = null,
    [Description("highest value of an input, for zᴮ; the sample's own where not given")] double? High = null,
    [Description("share out what constants would take among the inputs too")] bool IgnoreBias = false,
    [Description("only what flows through these channels: LAYER=CHANNEL+CHANNEL,…; LAYER=none for nothing")] string Through = "") : IAttribution, ILayerAttribution
{
    private const double Smallest = 1e-9;

    /// <inheritdoc/>
    /// <exception cref="InputException">A layer or channel that relevance should flow through does not exist.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) => Led(model, batch, null, target, job);

    /// <inheritdoc/>
    /// <exception cref="InputException">A layer or channel that relevance should flow through does not exist.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job) => Led(model, batch, layer, target, job);

    private Tensor Led(IDifferentiableModel model, Tensor batch, Layer? layer, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var recording = Explained.Recordable(model, "LRP").Record(batch);
        var explained = Explained.In(recording, model.Graph, target, layer);
        var start = explained.Value * explained.SlopeAt(explained.Value);
        var way = new Relevance(recording, Stabiliser, Rule, IgnoreBias, Passage.Of(Through, recording, model.Graph));
        var relevance = way.Lead(explained.From, start, explained.To, job) ?? zeros_like((Tensor)recording.Value(explained.To)!);
        job.Report("lrp", 1, 1, Arrived(relevance, start));
        return relevance.MoveToOuterDisposeScope();
    }

    private static string Arrived(Tensor relevance, Tensor start) =>
        $"relevance {relevance.sum().item<float>():G4} of {start.sum().item<float>():G4} arrives; constants and ε take the rest";

    // A sum of exactly zero must not divide by zero, whatever was asked for.
    private double Stabiliser => Composite == Composite.Zero ? Smallest : Math.Max(Epsilon, Smallest);

    private ILinearRule Rule(bool isFirst, bool isConvolution) => Composite switch
    {
        Composite.Epsilon => new EpsilonRule(Stabiliser),
        Composite.Zero => new EpsilonRule(Stabiliser),
        Composite.Gamma => new GammaRule(Gamma, Stabiliser),
        Composite.EpsilonPlusFlat or Composite.Alpha2Beta1Flat or Composite.Flat when isFirst => new FlatRule(Stabiliser),
        Composite.EpsilonGammaBox or Composite.Box when isFirst => new BoxRule(Low, High, Stabiliser),
        Composite.WSquare when isFirst => new SquareRule(Stabiliser),
        Composite.ZPlus or Composite.Box or Composite.WSquare or Composite.Flat => new AlphaBetaRule(1, 0, Stabiliser),
        _ when !isConvolution => new EpsilonRule(Stabiliser),
        Composite.EpsilonGammaBox => new GammaRule(Gamma, Stabiliser),
        Composite.Alpha2Beta1 or Composite.Alpha2Beta1Flat => new AlphaBetaRule(2, 1, Stabiliser),
        _ => new AlphaBetaRule(1, 0, Stabiliser),
    };
}
