using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>Runs a network and gives what a target reads: the scores before soft-max, a named output, or a layer's output.</summary>
public static class Readout
{
    /// <summary>One run; <c>target.Of</c> of what it gives is the number that is explained.</summary>
    /// <param name="model">Any network.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">Tells what is read.</param>
    /// <param name="tap">Sees every layer of the run.</param>
    /// <exception cref="InputException">There is no such layer or output.</exception>
    public static Tensor Of(IModel model, Tensor batch, Target target, Tap? tap = null) =>
        // Explanations rest on differences between runs, so all of them run every layer as the file has it.
        Read(model.Graph, target, watch => model.Run(batch, watch ?? Taps.Everything), tap);

    /// <summary>One run of the rest behind a cut, with another value at the cut.</summary>
    /// <param name="model">The network.</param>
    /// <param name="prefix">What was kept at the cut.</param>
    /// <param name="value">The value in place of the layer's output.</param>
    /// <param name="target">Tells what is read.</param>
    /// <param name="tap">Sees every layer behind the cut.</param>
    /// <exception cref="InputException">The target's layer does not lie behind the cut.</exception>
    public static Tensor From(ISplittableModel model, Prefix prefix, Tensor value, Target target, Tap? tap = null) =>
        Read(model.Graph, target, watch => model.RunFrom(prefix, value, watch), tap);

    /// <summary>The same of any way to run a network, or what is left of it.</summary>
    internal static Tensor Read(ModelGraph graph, Target target, Func<Tap?, Outputs> run, Tap? tap = null) => target switch
    {
        { ReadsLayer: { } layer } => AtLayer(graph.Find(layer), run, tap),
        { ReadsOutput: { } port } => AtOutput(port, run, tap),
        _ => Scores.Read(graph, run, tap),
    };

    private static Tensor AtOutput(string port, Func<Tap?, Outputs> run, Tap? tap)
    {
        using var outputs = run(tap);
        return (port.Length == 0 ? outputs.First : outputs[port]).alias();
    }

    private static Tensor AtLayer(Layer sought, Func<Tap?, Outputs> run, Tap? tap)
    {
        Tensor? read = null;
        using var outputs = run((layer, given, output) =>
        {
            var replaced = tap?.Invoke(layer, given, output);
            if (layer.Name == sought.Name) read = (replaced ?? output).alias();
            return replaced;
        });
        return read ?? throw new InputException($"Layer {sought.Name}, whose unit is to be explained, does not run after the layer that is looked at. Choose an earlier layer to look at, or the input.");
    }
}
