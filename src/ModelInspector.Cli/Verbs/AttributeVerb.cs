using System.Collections.Immutable;
using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Cli.Terminal;
using ModelInspector.Datasets;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>attribute</c>: raw maps of one method, at one or more layers or at the input.</summary>
internal static class AttributeVerb
{
    public static Command Create()
    {
        var (model, input, output, set) = (Options.Model(), Options.Input(), Options.Output("A .npy file for one layer or the input; a folder for several layers."), Options.Set());
        var (device, batch, seed) = (Options.Device(), Options.Batch(), Options.Seed());
        var method = new Option<string>("--method") { Description = "Name of an attribution: `modelinspector methods` lists them.", Required = true };
        var layers = new Option<string?>("--layer", "--layers") { Description = "Where maps of a layer look: module path, tensor or node name, glob; several with commas." };
        var target = new Option<string>("--target") { Description = $"What to explain: {TargetText.Forms}.", Required = true };
        var upsample = new Option<bool>("--upsample") { Description = "Resize maps to the input's rows and columns." };
        input.Required = true;
        var verb = new Command("attribute", "Write raw, signed attribution maps.") { model, input, method, layers, target, set, upsample, output, device, batch, seed };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(parsed.GetValue(seed), cancel, job => new Request(
            parsed.GetValue(model), parsed.GetValue(input)!, parsed.GetValue(method)!, parsed.GetValue(layers), parsed.GetValue(target)!,
            Options.Settings(parsed.GetValue(set)!), parsed.GetValue(upsample), parsed.GetValue(output)!, parsed.GetValue(device)!, parsed.GetValue(batch)).Run(job))));
        return verb;
    }

    /// <summary>The map of each layer, in the layers' order, of one batch.</summary>
    private delegate IEnumerable<Tensor> AtEach(Tensor batch, Target target);

    private sealed record Request(
        ModelSource Model, string Input, string Method, string? Layers, string Target,
        IReadOnlyDictionary<string, string> Settings, bool Upsample, string Output, string Device, int Batch)
    {
        public int Run(Job job)
        {
            var entry = Catalog.Find(Methods.Attributions, Method);
            using var samples = Options.Array(Input);
            using var opened = Options.Open(Model, Device, samples);
            var model = opened as IDifferentiableModel ?? throw new InputException($"{Model} can be run but not differentiated, so {Method} cannot explain it.");
            switch (entry.Create<object>(Settings))
            {
                case ILayerMap map: AtLayers(model, samples, layers => FromPairs(model, map, layers), job); break;
                case ILayerAttribution deep when Layers is not null || deep is not IAttribution: AtLayers(model, samples, layers => FromRuns(model, deep, layers, job), job); break;
                case IAttribution attribution: AtInput(model, samples, attribution, job); break;
            }
            return 0;
        }

        private static AtEach FromPairs(IDifferentiableModel model, ILayerMap map, ImmutableArray<Layer> layers) =>
            (batch, target) => LayerGradients.Of(model, batch, layers, target).Select(pair => map.Map(pair.Activation, pair.Gradient));

        private static AtEach FromRuns(IDifferentiableModel model, ILayerAttribution attribution, ImmutableArray<Layer> layers, Job job) =>
            (batch, target) => layers.Select(layer => attribution.Attribute(model, batch, layer, target, job));

        private void AtLayers(IDifferentiableModel model, SampleReader samples, Func<ImmutableArray<Layer>, AtEach> maps, Job job)
        {
            if (Layers is null) throw new UsageException($"{Method} looks at a layer. Add --layer NAME; `modelinspector layers {Model}` lists them.");
            var layers = model.Graph.Select(Layers);
            var files = layers.Select(layer => new RowsFile(layers.Length == 1 ? Output : Path.Combine(Output, LayerFiles.Of(layer.Name) + ".npy"))).ToList();
            var atEach = maps(layers);
            try
            {
                Each(model, samples, job, (batch, target) =>
                {
                    foreach (var (map, file) in atEach(batch, target).Zip(files)) file.Append(Sized(map, batch));
                });
                files.ForEach(file => file.Complete());
            }
            finally
            {
                files.ForEach(file => file.Dispose());
            }
        }

        private void AtInput(IDifferentiableModel model, SampleReader samples, IAttribution attribution, Job job)
        {
            if (Layers is not null) throw new UsageException($"{Method} looks at the input, not at a layer. Leave --layer out.");
            using var file = new RowsFile(Output);
            Each(model, samples, job, (batch, target) => file.Append(attribution.Attribute(model, batch, target, job)));
            file.Complete();
        }

        private void Each(IDifferentiableModel model, SampleReader samples, Job job, Action<Tensor, Target> work)
        {
            var targets = TargetText.Parse(Target, samples.Count);
            foreach (var (read, batch) in Batches.For(samples, model.Graph, Batch, Device))
            {
                using var scope = NewDisposeScope();
                work(batch, targets.For(read.First, read.Samples.Length));
                job.Report(Method, read.First + read.Samples.Length, samples.Count);
            }
        }

        private Tensor Sized(Tensor map, Tensor batch) => Upsample ? Resize.To(map, batch.shape[2..]) : map;
    }
}
