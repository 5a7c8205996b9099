using System.Diagnostics;
using System.Globalization;
using ModelInspector;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Capture;
using ModelInspector.Inspection;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

// What looking costs, beside the same network left alone: each pair is run in turns in one process, and the medians are divided.
// Usage: dotnet run -c Release --project benchmarks/ModelInspector.Maps.Benchmarks -- MODEL[:SHAPE] …    e.g. resnet20.pt:32,3,32,32
//        … -- savings [eigen-cam|ablation-cam|targets|occlusion] …    what is saved by running only what must be run
if (args.Length > 0 && args[0] == "savings") return ModelInspector.Benchmarks.RunSavings.Run(args[1..]);
if (args.Length == 0)
{
    Console.Error.WriteLine("Name models: MODEL:SHAPE …, for example sample-models/phantom-ct/clean.onnx:32,1,128,128");
    return 2;
}
torch.set_num_threads(Environment.ProcessorCount);
Console.WriteLine($"libtorch {torch.__version__}, {torch.get_num_threads()} threads, .NET {Environment.Version}");
Console.WriteLine();
Console.WriteLine("| network | input | looked at | alone, ms | looking, ms | ratio |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (var argument in args) Compare(argument);
return 0;

static void Compare(string argument)
{
    var parts = argument.Split(':');
    long[] shape = [.. parts[1].Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
    using var model = (IDifferentiableModel)Model.Open(parts[0], new OpenOptions(InputShape: [1, .. shape[1..]]));
    torch.manual_seed(0);
    using var batch = torch.randn(shape);
    var name = Path.GetFileName(parts[0]);
    var relus = model.Graph.Layers.Where(layer => layer.Op is "Relu" or "aten::relu" or "aten::relu_").ToList();
    ILayerMap[] maps = [new Sam(), new GradCam(), new LayerCam(), new XGradCam(), new GradCamPlusPlus()];
    Row(name, shape, $"{relus.Count} layers × {maps.Length} maps, against forward + backward", () => Pairs(model, batch, relus[..1], []), () => Pairs(model, batch, relus, maps));
    Row(name, shape, $"the same, one forward + backward a layer and map", () => Pairs(model, batch, relus, maps), () => Loop(model, batch, relus, maps));
    Row(name, shape, $"capture of {relus.Count} layers, pooled, against forward, 8 batches", () => Forward(model, batch), () => Capture(model, batch, relus));
}

static void Pairs(IDifferentiableModel model, Tensor batch, IReadOnlyCollection<Layer> layers, ILayerMap[] maps)
{
    using var scope = NewDisposeScope();
    foreach (var pair in LayerGradients.Of(model, batch, layers, new PredictedClass()))
        foreach (var map in maps) map.Map(pair.Activation, pair.Gradient);
}

// What other tools do.
static void Loop(IDifferentiableModel model, Tensor batch, IReadOnlyCollection<Layer> layers, ILayerMap[] maps)
{
    foreach (var layer in layers)
        foreach (var map in maps) Pairs(model, batch, [layer], [map]);
}

static void Forward(IModel model, Tensor batch)
{
    using var quiet = torch.inference_mode();
    for (var i = 0; i < 8; i++)
    {
        using var outputs = model.Run(batch);
    }
}

static void Capture(IModel model, Tensor batch, List<Layer> layers)
{
    var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    var request = new CaptureRequest("", "", Pooling.Mean, 8 * batch.shape[0], [.. layers.Select(layer => layer.Name)]);
    using (var writer = ActivationWriter.Begin(folder, request))
    using (var quiet = torch.inference_mode())
    {
        for (var i = 0; i < 8; i++)
        {
            using var scope = NewDisposeScope();
            using var outputs = model.Run(batch, ActivationCapture.Into(writer, Pooling.Mean));
            writer.EndBatch((int)batch.shape[0]);
        }
        writer.Complete();
    }
    Directory.Delete(folder, recursive: true);
}

static void Row(string name, long[] shape, string what, Action alone, Action looking)
{
    const int runs = 15;
    var (without, with) = (new List<double>(), new List<double>());
    for (var run = -2; run < runs; run++)
    {
        var (a, b) = (Milliseconds(alone), Milliseconds(looking));
        if (run < 0) continue;
        without.Add(a);
        with.Add(b);
    }
    var (left, right) = (Median(without), Median(with));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join('×', shape)} | {what} | {left:0.0} | {right:0.0} | {right / left:0.00} |"));
}

static double Milliseconds(Action action)
{
    var watch = Stopwatch.StartNew();
    action();
    return watch.Elapsed.TotalMilliseconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
