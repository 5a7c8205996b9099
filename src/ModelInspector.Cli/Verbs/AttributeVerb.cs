using System.Collections.Immutable;
using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Planning;
using ModelInspector.Capture;
using ModelInspector.Cli.Terminal;
using ModelInspector.Datasets;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>attribute</c>: raw maps of one or more methods, of one or more targets, at one or more layers or at the input, from as few passes as can be.</summary>
internal static class AttributeVerb
{
    public static Command Create()
    {
        var (model, input, set) = (Options.Model(), Options.Input(), Options.Set());
        var output = Options.Output("A .npy file for a single map; else a folder: METHOD/TARGET/LAYER.npy, without the levels of which there is one only.");
        var (device, batch, seed) = (Options.Device(), Options.Batch(), Options.Seed());
        var method = new Option<string>("--method") { Description = "Name of an attribution, several with commas: `modelinspector methods` lists them.", Required = true };
        var layers = new Option<string?>("--layer", "--layers") { Description = "Where maps of a layer look: module path, tensor or node name, glob; several with commas." };
        var target = new Option<string[]>("--target") { Description = $"What to explain: {TargetText.Forms}. May be given several times.", Required = true, Arity = ArgumentArity.OneOrMore };
        var upsample = new Option<bool>("--upsample") { Description = "Resize maps of layers to the input's rows and columns." };
        (input.Required, set.Description) = (true, "A setting: name=value, or method.name=value where several methods have it. May be given several times.");
        var verb = new Command("attribute", "Write raw, signed attribution maps.") { model, input, method, layers, target, set, upsample, output, device, batch, seed };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(parsed.GetValue(seed), cancel, job => new Request(
            parsed.GetValue(model), parsed.GetValue(input)!, parsed.GetValue(method)!, parsed.GetValue(layers), [.. parsed.GetValue(target)!],
            Options.Settings(parsed.GetValue(set)!), parsed.GetValue(upsample), parsed.GetValue(output)!, parsed.GetValue(device)!, parsed.GetValue(batch)).Run(job))));
        return verb;
    }

    private sealed record Request(
        ModelSource Model, string Input, string Method, string? Layers, ImmutableArray<string> Targets,
        IReadOnlyDictionary<string, string> Settings, bool Upsample, string Output, string Device, int Batch)
    {
        public int Run(Job job)
        {
            var methods = MethodChoice.Of(Method, Settings);
            using var samples = Options.Array(Input);
            using var opened = Options.Open(Model, Device, samples);
            var model = opened as IDifferentiableModel ?? throw new InputException($"{Model} can be run but not differentiated, so {Method} cannot explain it.");
            var plan = new AttributionPlan(methods, Layers is null ? [] : model.Graph.Select(Layers), []);
            RequireLayers(plan);
            Write(model, samples, plan, [.. Targets.Select(target => TargetText.Parse(target, samples.Count))], job);
            return 0;
        }

        private void RequireLayers(AttributionPlan plan)
        {
            int[] deep = [.. Enumerable.Range(0, plan.Methods.Length).Where(plan.IsOfLayers)];
            if (Layers is null && deep.Length > 0)
                throw new UsageException($"{plan.Methods[deep[0]].Name} looks at a layer. Add --layer NAME; `modelinspector layers {Model}` lists them.");
            if (Layers is not null && deep.Length == 0) throw new UsageException($"{Method} looks at the input, not at a layer. Leave --layer out.");
        }

        private void Write(IDifferentiableModel model, SampleReader samples, AttributionPlan plan, ImmutableArray<TargetText> targets, Job job)
        {
            var files = Files(plan);
            try
            {
                foreach (var (read, batch) in Batches.For(samples, model.Graph, Batch, Device))
                {
                    using var scope = NewDisposeScope();
                    (plan with { Targets = [.. targets.Select(target => target.For(read.First, read.Samples.Length))] })
                        .Run(model, batch, job, map => files[(map.Method, map.Target, map.Layer?.Name)].Append(Sized(map, batch)));
                    job.Report(Method, read.First + read.Samples.Length, samples.Count);
                }
                foreach (var file in files.Values) file.Complete();
                foreach (var note in Empty(plan, files)) System.Console.Error.WriteLine(note);
            }
            finally
            {
                foreach (var file in files.Values) file.Dispose();
            }
        }

        private IEnumerable<string> Empty(AttributionPlan plan, Dictionary<(int Method, int Target, string? Layer), RowsFile> files) =>
            from file in files
            where file.Value.IsZero
            select $"{plan.Methods[file.Key.Method].Name} of {Targets[file.Key.Target]}{(file.Key.Layer is { } layer ? $" at `{layer}`" : "")} is zero everywhere: nothing it looks at changes what is explained, or the formula leaves nothing of it.";

        private Dictionary<(int, int, string?), RowsFile> Files(AttributionPlan plan)
        {
            var files = new Dictionary<(int, int, string?), RowsFile>();
            var (layers, targets) = (Distinct(plan.Layers.Select(layer => layer.Name)), Distinct(Targets));
            for (var method = 0; method < plan.Methods.Length; method++)
                for (var target = 0; target < Targets.Length; target++)
                {
                    string[] above = [.. plan.Methods.Length > 1 ? [plan.Methods[method].Name] : Array.Empty<string>(), .. Targets.Length > 1 ? [targets[target]] : Array.Empty<string>()];
                    if (!plan.IsOfLayers(method)) files[(method, target, null)] = new RowsFile(PathOf(above));
                    else foreach (var (layer, file) in plan.Layers.Zip(layers)) files[(method, target, layer.Name)] = new RowsFile(PathOf(plan.Layers.Length > 1 ? [.. above, file] : above));
                }
            return files;
        }

        private static ImmutableArray<string> Distinct(IEnumerable<string> names) => [.. LayerFiles.Of(names).Select(file => Path.GetFileNameWithoutExtension(file))];

        private string PathOf(string[] parts) => parts.Length == 0 ? Output : Path.Combine([Output, .. parts]) + ".npy";

        private Tensor Sized(PlannedMap map, Tensor batch) => Upsample && map.Layer is not null ? Resize.To(map.Values, batch.shape[2..]) : map.Values;
    }
}
