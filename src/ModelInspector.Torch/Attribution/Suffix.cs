using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>
/// The scores that a network gives when a layer's output is changed: only what comes after the layer is run, on many changed copies at once,
/// where the network can be cut; the whole network where it cannot.
/// </summary>
internal sealed class Suffix : IDisposable
{
    private readonly IModel model;
    private readonly Tensor batch;
    private readonly Layer layer;
    private readonly Target target;
    private readonly Prefix? prefix;
    private readonly TokenGrid? tokens;

    public Suffix(IModel model, Tensor batch, Layer layer, Target target)
    {
        (this.model, this.batch, this.layer, this.target) = (model, batch, layer, target);
        if (target is { ReadsLayer: null, ReadsOutput: null }) RequireScoresBehind(model.Graph, layer);
        prefix = (model as ISplittableModel)?.RunTo(layer.Name, batch);
        Output = (prefix?.Value.alias() ?? Tapped(model, batch, layer)).DetachFromDisposeScope();
        tokens = TokenGrid.Of(model.Graph) is { } grid && grid.Holds(Output.shape) ? grid : null;
    }

    /// <summary>The layer's own output.</summary>
    public Tensor Output { get; }

    /// <summary>The layer's own output with its channels on the second axis, where a transformer's tokens have them last.</summary>
    public Tensor Value => tokens is null ? Output : Output.transpose(1, 2);

    /// <summary>The same where it can be drawn: tokens laid out on the grid of patches, without those that are no patches.</summary>
    public Tensor Drawn => tokens?.Laid(Output) ?? Output;

    /// <summary>What the target reads: the scores before soft-max.</summary>
    /// <param name="value">In place of <see cref="Value"/>, each sample's copies in a row: (samples × copies, channels, …).</param>
    /// <returns>(samples × copies, classes).</returns>
    public Tensor Scores(Tensor value) => ScoresOf(tokens is null ? value : value.transpose(1, 2));

    /// <summary>The same for what stands in place of <see cref="Output"/>.</summary>
    /// <param name="output">Each sample's copies in a row.</param>
    public Tensor ScoresOf(Tensor output)
    {
        if (prefix is not null) return Readout.From((ISplittableModel)model, prefix, output, target);
        var copies = output.shape[0] / Math.Max(1, batch.shape[0]);
        return Readout.Of(model, copies == 1 ? batch : batch.repeat_interleave(copies, 0), target, (seen, _, _) => seen.Name == layer.Name ? output.alias() : null);
    }

    /// <summary>Values laid out as <see cref="Value"/>, in the layer's own shape.</summary>
    public Tensor AsOutput(Tensor value) => tokens is null ? value : value.transpose(1, 2).contiguous();

    public void Dispose()
    {
        Output.Dispose();
        prefix?.Dispose();
    }

    private static void RequireScoresBehind(ModelGraph graph, Layer layer)
    {
        if (Models.Scores.FinalSoftmax(graph) is { } softmax && graph.Layers.IndexOf(layer) >= graph.Layers.IndexOf(softmax)) throw new InputException(
            $"Layer `{layer.Name}` comes after the scores, which are read before the final soft-max `{softmax.Name}`. Choose an earlier layer.");
    }

    private static Tensor Tapped(IModel model, Tensor batch, Layer layer)
    {
        Tensor? kept = null;
        using var outputs = model.Run(batch, (seen, _, output) =>
        {
            if (seen.Name == layer.Name) kept = output.alias();
            return null;
        });
        return kept ?? throw new InputException($"Layer `{layer.Name}` did not run on this input. Choose another layer.");
    }
}
