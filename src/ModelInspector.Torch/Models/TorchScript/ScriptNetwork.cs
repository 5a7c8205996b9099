using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>A compiled network on its way to a model: dead steps dropped, layers named, shapes filled in.</summary>
internal sealed class ScriptNetwork
{
    private readonly ScriptTape tape;
    private readonly IReadOnlyList<ScriptCall> calls;
    private readonly ImmutableArray<(Port Port, int Slot)> inputs;
    private readonly ImmutableArray<(Port Port, int Slot)> outputs;
    private readonly ImmutableArray<DraftStep> steps;
    private readonly ImmutableArray<string?> names;

    internal ScriptNetwork(ScriptTape tape, IReadOnlyList<ScriptCall> calls, ImmutableArray<(Port Port, int Slot)> inputs, ImmutableArray<(Port Port, int Slot)> outputs)
    {
        (this.tape, this.calls, this.inputs, this.outputs) = (tape, calls, inputs, outputs);
        steps = Live();
        names = ScriptNames.Of(steps, [.. calls.Select(call => call.Path)]);
    }

    /// <summary>The network as data; <paramref name="shapes"/> gives output shapes by layer name.</summary>
    internal ModelGraph Graph(string name, string sha256, ImmutableArray<string> notes, IReadOnlyDictionary<string, ImmutableArray<long>> shapes) =>
        new(name, "TorchScript", sha256, [.. inputs.Select(input => input.Port)], [.. outputs.Select(output => output.Port)], Layers(shapes)) { Notes = notes };

    /// <summary>The network to run; its layers are those of the graph.</summary>
    internal GraphProgram Program(ModelGraph graph)
    {
        var layers = graph.Layers.ToDictionary(layer => layer.Name);
        return new GraphProgram(
            tape.Slots,
            [.. inputs.Select(input => input.Slot)],
            [.. outputs.Select(output => output.Slot)],
            tape.Constants,
            [.. steps.Zip(names, (step, name) => new ProgramStep(name is null ? null : layers[name], step.Inputs, step.Outputs, step.Kernel) { Tell = step.Tell })])
        {
            Owner = tape.File,
        };
    }

    private ImmutableArray<DraftStep> Live()
    {
        var needed = outputs.Select(output => output.Slot).ToHashSet();
        var live = new List<DraftStep>();
        foreach (var step in Enumerable.Reverse(tape.Steps))
        {
            if (!step.HasEffect && !step.Outputs.Any(needed.Contains)) continue;
            live.Add(step);
            needed.UnionWith(step.Inputs);
        }
        live.Reverse();
        return [.. live];
    }

    private ImmutableArray<Layer> Layers(IReadOnlyDictionary<string, ImmutableArray<long>> shapes)
    {
        var aliases = Aliases();
        var sources = Sources();
        var counted = new HashSet<int>();
        var layers = ImmutableArray.CreateBuilder<Layer>();
        foreach (var (step, name) in steps.Zip(names))
        {
            if (name is null) continue;
            var parameters = step.Inputs.Where(slot => tape.Parameters.Contains(slot) && counted.Add(slot)).Sum(slot => ((Tensor)tape.Constants[slot]!).numel());
            layers.Add(new Layer(name, step.Op!, shapes.GetValueOrDefault(name, []), [.. step.Inputs.SelectMany(slot => sources[slot]).Distinct()], parameters)
            {
                Aliases = [.. aliases[name].Distinct()],
            });
        }
        return layers.ToImmutable();
    }

    /// <summary>For every slot the layers and inputs that it comes from, seen through steps that are no layers.</summary>
    private ImmutableArray<string>[] Sources()
    {
        var sources = new ImmutableArray<string>[tape.Slots];
        Array.Fill(sources, []);
        foreach (var (port, slot) in inputs) sources[slot] = [port.Name];
        foreach (var (step, name) in steps.Zip(names))
            foreach (var slot in step.Outputs)
                sources[slot] = name is not null ? [name] : [.. step.Inputs.SelectMany(input => sources[input]).Distinct()];
        return sources;
    }

    /// <summary>A module's path means the layer whose output is the module's.</summary>
    private ILookup<string, string> Aliases()
    {
        var producer = new Dictionary<int, string>();
        foreach (var (step, name) in steps.Zip(names))
            if (name is not null) producer[step.Outputs[0]] = name;
        return calls.Where(call => call.Path.Length > 0 && producer.GetValueOrDefault(call.Result, call.Path) != call.Path)
            .ToLookup(call => producer[call.Result], call => call.Path);
    }
}
