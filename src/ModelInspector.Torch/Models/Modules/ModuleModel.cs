using System.Collections.Immutable;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>
/// A network written with TorchSharp, tapped through forward hooks that live as long as one run. Gradients flow through it. It cannot
/// be cut in two: what its code does between its modules is not known.
/// </summary>
internal sealed class ModuleModel : IDifferentiableModel, IWatchableModel
{
    private readonly nn.Module<Tensor, Tensor> module;
    private readonly ModuleTree tree;
    private readonly ModuleAssembly? assembly;
    private readonly Dictionary<string, Layer> layers;
    private readonly bool overwrites;
    private readonly Lock running = new();

    private ModuleModel(nn.Module<Tensor, Tensor> module, ModuleTree tree, ModuleAssembly? assembly, ModelGraph graph, bool overwrites)
    {
        (this.module, this.tree, this.assembly, Graph, this.overwrites) = (module, tree, assembly, graph, overwrites);
        layers = graph.Layers.ToDictionary(layer => layer.Name);
    }

    /// <inheritdoc/>
    public ModelGraph Graph { get; }

    /// <summary>A module as a model, which owns it from now on.</summary>
    /// <param name="module">The network, ready to run.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="sha256">Hash of what it was made from.</param>
    /// <param name="assembly">What it was loaded from; unloaded with it.</param>
    /// <param name="options">Its input's shape, if known: a run then finds the layers in their order.</param>
    public static ModuleModel Of(nn.Module<Tensor, Tensor> module, string name, string sha256, ModuleAssembly? assembly, OpenOptions options)
    {
        var tree = new ModuleTree(module, name);
        var survey = options.InputShape is { } shape ? ModuleSurvey.Of(tree, [.. shape], Devices.Of(options.Device)) : ModuleSurvey.OfAll(tree);
        var graph = new ModelGraph(name, "TorchSharp", sha256, [new Port("input", options.InputShape ?? [], "float32")],
            [new Port("output", survey.Output, "float32")], survey.Layers)
        { Notes = survey.Notes };
        return new(module, tree, assembly, graph, survey.Overwrites);
    }

    /// <inheritdoc/>
    public Outputs Run(Inputs inputs, Tap? tap = null)
    {
        var asked = inputs.For(Graph.Inputs)[0];
        var output = Called(Here(asked), (call, input, given) => tap is null || !layers.TryGetValue(call.Name, out var layer) ? null : Tapped(tap, layer, input, given));
        return Answer(asked, output);
    }

    Outputs IWatchableModel.Run(Inputs inputs, IWatcher watcher)
    {
        var asked = inputs.For(Graph.Inputs)[0];
        var given = Here(asked);
        watcher.Begins([given]);
        var output = Called(given, (call, input, made) =>
        {
            if (layers.TryGetValue(call.Name, out var layer)) watcher.Ran(Step(layer, call.Module), [input], [made], call.Own);
            return null;
        });
        return Answer(asked, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        module.Dispose();
        assembly?.Dispose();
    }

    private Tensor Called(Tensor input, Ended ended)
    {
        lock (running)
        {
            try
            {
                return ModuleRun.Of(tree, input, ended);
            }
            catch (ModuleFailure failure)
            {
                throw new InputException($"{Graph.Name}: layer {failure.Layer} cannot run on an input of shape ({string.Join(", ", input.shape)}) to the network: "
                    + $"{ModuleAssembly.Reason(failure.InnerException!)}. Check that the input has the size the network was made for.", failure.InnerException);
            }
        }
    }

    // Inputs come to where the weights are, and the output goes back to where they were.
    private Tensor Here(Tensor input) => module.parameters().FirstOrDefault() is { } weight && weight.device_type != input.device_type ? input.to(weight.device) : input;

    private Outputs Answer(Tensor asked, Tensor output)
    {
        if (asked.device_type == output.device_type) return new([KeyValuePair.Create(Graph.Outputs[0].Name, output)]);
        using (output) return new([KeyValuePair.Create(Graph.Outputs[0].Name, output.to(asked.device))]);
    }

    // A network that writes into what its modules gave would change what a tap has kept: it is given a copy to go on with.
    private Tensor? Tapped(Tap tap, Layer layer, Tensor input, Tensor output) => tap(layer, [input], output) ?? (overwrites ? output.clone() : null);

    private static ProgramStep Step(Layer layer, nn.Module<Tensor, Tensor> module) =>
        new(layer, [0], [1], inputs => [module.forward((Tensor)inputs[0]!)]) { Tell = ModuleReaches.Of(module) };
}
