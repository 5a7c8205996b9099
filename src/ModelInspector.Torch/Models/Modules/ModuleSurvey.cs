using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>What one run of a module shows: which modules are called, in which order, and what they give.</summary>
/// <param name="Layers">In execution order. A module that hands on another's output is an alias of that layer, unless it has weights of its own.</param>
/// <param name="Output">Shape of the network's output.</param>
/// <param name="Overwrites">Whether the network writes into what its modules gave.</param>
/// <param name="Notes">What a reader should know.</param>
internal sealed record ModuleSurvey(ImmutableArray<Layer> Layers, ImmutableArray<long> Output, bool Overwrites, ImmutableArray<string> Notes)
{
    /// <summary>All modules in the order in which they were registered, for want of an input to run on.</summary>
    public static ModuleSurvey OfAll(ModuleTree tree) => new(
        [.. tree.Modules.Skip(1).Append(tree.Modules[0]).Select(module => new Layer(tree.PathOf(module), module.GetType().Name, [], [], tree.ParametersOf(module)))],
        [], true, ["The input's shape is not known, so layers are listed in the order of their registration. Add --input-shape to see them as they run."]);

    /// <summary>Runs the network once on a made-up input of a shape.</summary>
    /// <exception cref="InputException">It cannot run on it.</exception>
    public static ModuleSurvey Of(ModuleTree tree, long[] shape, Device device)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var input = arange(shape.Aggregate(1L, (product, size) => checked(product * size)), float32).mul(0.37).sin().reshape(shape).to(device);
        var survey = new Taken(tree);
        try
        {
            using var output = ModuleRun.Of(tree, input, survey.Ended);
            return survey.Summary([.. output.shape]);
        }
        catch (ModuleFailure failure)
        {
            throw new InputException($"{tree.PathOf(tree.Modules[0])}: layer {failure.Layer} cannot run on an input of shape ({string.Join(", ", shape)}): "
                + $"{ModuleAssembly.Reason(failure.InnerException!)}. Check the shape, or --input-shape.", failure.InnerException);
        }
    }

    /// <summary>The calls of a run, as they end.</summary>
    private sealed class Taken(ModuleTree tree)
    {
        private readonly List<(Layer Layer, Tensor Output, Tensor Copy)> layers = [];
        private readonly Dictionary<Tensor, int> producer = new(ReferenceEqualityComparer.Instance);

        public Tensor? Ended(ModuleCall call, Tensor input, Tensor output)
        {
            var parameters = call.IsFirst ? tree.ParametersOf(call.Module) : 0;
            if (producer.TryGetValue(output, out var before) && parameters == 0 && !ReferenceEquals(input, output)) Alias(before, call.Name);
            else Add(new Layer(call.Name, call.Module.GetType().Name, [.. output.shape], Feeding(input), parameters), output);
            return null;
        }

        public ModuleSurvey Summary(ImmutableArray<long> output)
        {
            var overwrites = layers.Any(layer => !layer.Output.allclose(layer.Copy, 0, 0, equal_nan: true));
            return new([.. layers.Select(layer => layer.Layer)], output, overwrites,
                overwrites ? ["The network writes into its layers' outputs; what taps see is what each layer gave."] : []);
        }

        private void Alias(int at, string name) => layers[at] = layers[at] with { Layer = layers[at].Layer with { Aliases = layers[at].Layer.Aliases.Add(name) } };

        private void Add(Layer layer, Tensor output)
        {
            producer[output] = layers.Count;
            layers.Add((layer, output.alias(), output.clone()));
        }

        private ImmutableArray<string> Feeding(Tensor input) => producer.TryGetValue(input, out var before) ? [layers[before].Layer.Name] : layers.Count == 0 ? ["input"] : [];
    }
}
