using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// The scores of a classifier before soft-max, as (samples, classes). A network that ends in soft-max (perhaps reshaped after it)
/// is read at the soft-max's input, because its gradient after soft-max mixes all classes.
/// </summary>
public static class Scores
{
    private static readonly HashSet<string> PassesOn = ["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout", "Cast",
        "aten::reshape", "aten::view", "aten::flatten", "aten::squeeze", "aten::unsqueeze", "aten::dropout", "aten::contiguous"];

    private static readonly HashSet<string> Softmax = ["Softmax", "LogSoftmax", "aten::softmax", "aten::log_softmax"];

    /// <summary>The soft-max that the network ends in, or null.</summary>
    public static Layer? FinalSoftmax(ModelGraph graph)
    {
        var byName = graph.Layers.ToDictionary(layer => layer.Name);
        var layer = graph.Layers.LastOrDefault();
        while (layer is not null && PassesOn.Contains(layer.Op))
            layer = layer.Inputs.Select(byName.GetValueOrDefault).FirstOrDefault(feeding => feeding is not null);
        return layer is not null && Softmax.Contains(layer.Op) ? layer : null;
    }

    /// <summary>Runs the network once and gives the scores of its first output.</summary>
    /// <param name="model">Any network.</param>
    /// <param name="inputs">A batch.</param>
    /// <param name="tap">Sees every layer of the run.</param>
    /// <returns>(samples, classes); further axes are kept: (samples, classes, rows, columns) of a segmentation.</returns>
    public static Tensor Of(IModel model, Inputs inputs, Tap? tap = null) => Read(model.Graph, watch => Run(model, inputs, watch, tap), tap);

    /// <summary>The scores when the rest behind a cut is run with another value at the cut.</summary>
    /// <param name="model">The network.</param>
    /// <param name="prefix">What was kept at the cut.</param>
    /// <param name="value">The value in place of the layer's output.</param>
    /// <param name="tap">Sees every layer behind the cut.</param>
    public static Tensor From(ISplittableModel model, Prefix prefix, Tensor value, Tap? tap = null) =>
        Read(model.Graph, watch => model.RunFrom(prefix, value, watch), tap);

    // Where nobody else looks, the soft-max is the only layer that is looked at.
    private static Outputs Run(IModel model, Inputs inputs, Tap? watch, Tap? tap) => tap is not null || watch is null ? model.Run(inputs, watch)
        : FinalSoftmax(model.Graph) is { } softmax ? model.RunTapped(inputs, watch, new HashSet<string> { softmax.Name }) : model.Run(inputs);

    internal static Tensor Read(ModelGraph graph, Func<Tap?, Outputs> run, Tap? tap)
    {
        var softmax = FinalSoftmax(graph);
        Tensor? before = null;
        using var outputs = run((layer, given, output) =>
        {
            if (ReferenceEquals(layer, softmax)) before = given[0].alias();
            return tap?.Invoke(layer, given, output);
        });
        using var scores = before ?? outputs.First.alias();
        return Flattened(scores);
    }

    /// <summary>The class decided for in each sample and its soft-max probability: (samples) each.</summary>
    /// <exception cref="InputException">The scores are not of whole samples.</exception>
    internal static (Tensor Probability, Tensor Class) Decided(ModelGraph graph, Tensor scores) => scores.Dimensions == 2 ? scores.softmax(1).max(1) : throw new InputException(
        $"{graph.Name} gives scores of shape ({string.Join(", ", scores.shape)}), samples first. Expected one score a class, (samples, classes), to tell what is decided for a whole sample; "
        + "a segmentation, or any number of an output, is explained by `modelinspector attribute` with `--target segmentation:CLASS` or `output:INDEX,…`.");

    internal static Tensor Flattened(Tensor scores) =>
        scores.Dimensions > 2 && scores.shape[2..].All(size => size == 1) ? scores.flatten(1)
        : scores.Dimensions == 1 ? scores.unsqueeze(0)
        : scores.alias();
}
