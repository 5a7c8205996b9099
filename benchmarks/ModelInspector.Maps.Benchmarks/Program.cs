using System.Diagnostics;
using System.Globalization;
using ModelInspector;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Benchmarks;
using ModelInspector.Capture;
using ModelInspector.Inspection;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

// What looking costs, beside the same network left alone: each pair is run in turns in one process, and the medians are divided.
// Usage: dotnet run -c Release --project benchmarks/ModelInspector.Maps.Benchmarks -- MODEL:SHAPE …    e.g. resnet20.pt:32,3,32,32, or resnet18:8,3,224,224 for a network of that shape
//        … -- savings [eigen-cam|ablation-cam|targets|occlusion] …    what is saved by running only what must be run
if (args.Length > 0 && args[0] == "savings") return RunSavings.Run(args[1..]);
if (args.Length == 0)
{
    Console.Error.WriteLine("Name models: MODEL:SHAPE …, for example sample-models/phantom-ct/clean.onnx:32,1,128,128");
    return 2;
}
torch.set_num_threads(Environment.ProcessorCount);
Console.WriteLine($"libtorch {torch.__version__}, {torch.get_num_threads()} threads, .NET {Environment.Version}");
Console.WriteLine();
Console.WriteLine("| network | input | looked at | alone, ms | looking, ms | ratio | alone, MiB | looking, MiB |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var argument in args) Compare(argument);
return 0;

static void Compare(string argument)
{
    var parts = argument.Split(':');
    long[] shape = [.. parts[1].Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
    using var model = (IDifferentiableModel)(parts[0] == "resnet18" ? ResNet18.Open() : Model.Open(parts[0], new OpenOptions(InputShape: [1, .. shape[1..]])));
    torch.manual_seed(0);
    using var batch = torch.randn(shape);
    var name = Path.GetFileName(parts[0]);
    var relus = model.Graph.Layers.Where(layer => layer.Op is "Relu" or "aten::relu" or "aten::relu_").ToList();
    ILayerMap[] maps = [new Sam(), new GradCam(), new LayerCam(), new XGradCam(), new GradCamPlusPlus()];
    Row(name, shape, $"{relus.Count} layers × {maps.Length} maps, against forward + backward", 9, () => Pairs(model, batch, relus[..1], []), () => Pairs(model, batch, relus, maps));
    Row(name, shape, "a forward + backward for each layer and map, against the same at once", 1, () => Pairs(model, batch, relus, maps), () => Loop(model, batch, relus, maps));
    Row(name, shape, $"capture of {relus.Count} layers, pooled, against forward, 8 batches", 5, () => Forward(model, batch), () => Capture(model, batch, relus));
}

static void Pairs(IDifferentiableModel model, Tensor batch, IReadOnlyCollection<Layer> layers, ILayerMap[] maps)
{
    using var scope = NewDisposeScope();
    foreach (var pair in LayerGradients.Of(model, batch, layers, new PredictedClass())) pair.Drawn(maps, null);
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

static void Row(string name, long[] shape, string what, int runs, Action alone, Action looking)
{
    var (without, with) = (new List<double>(), new List<double>());
    var (less, more) = (Peak.Of(alone), Peak.Of(looking)); // also warms up
    for (var run = 0; run < runs; run++)
    {
        without.Add(Milliseconds(alone));
        with.Add(Milliseconds(looking));
    }
    var (left, right) = (Median(without), Median(with));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join('×', shape)} | {what} | {left:0.0} | {right:0.0} | {right / left:0.00} | {Peak.Text(less)} | {Peak.Text(more)} |"));
}

static double Milliseconds(Action action)
{
    var watch = Stopwatch.StartNew();
    action();
    return watch.Elapsed.TotalMilliseconds;
}

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
