using System.Diagnostics;
using System.Globalization;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Attribution.Planning;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Benchmarks;

/// <summary>What is saved by not running what need not be run, each row beside the way that other tools go, in one process.</summary>
internal static class RunSavings
{
    private static readonly Dictionary<string, Action> Rows = new()
    {
        ["eigen-cam"] = EigenCam,
        ["ablation-cam"] = AblationCam,
        ["targets"] = Targets,
        ["occlusion"] = Occlusion,
    };

    public static int Run(IEnumerable<string> names)
    {
        torch.set_num_threads(Environment.ProcessorCount);
        Console.WriteLine($"libtorch {torch.__version__}, {torch.get_num_threads()} threads, .NET {Environment.Version}");
        Console.WriteLine();
        Console.WriteLine("| what | beside | beside, ms | here, ms | times faster | beside, MiB | here, MiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var name in names.DefaultIfEmpty("")) Array.ForEach([.. Rows.Where(row => name is "" || row.Key == name)], row => row.Value());
        return 0;
    }

    private static void EigenCam()
    {
        (string Name, bool Centred, Func<long[], Tensor> Values)[] kinds =
        [
            ("even numbers", false, shape => torch.rand(shape)),
            ("normal numbers behind a ReLU", false, shape => torch.randn(shape).relu()),
            ("normal numbers, centred", true, shape => torch.randn(shape)),
        ];
        foreach (var (channels, size) in new (long, long)[] { (64, 56), (128, 28), (256, 14), (512, 7) })
            foreach (var (name, centred, values) in kinds)
            {
                using var activation = values([8, channels, size, size]);
                Row($"Eigen-CAM, 8 × {channels} × {size} × {size}, {name}", "full singular value decompositions", size > 40 ? 1 : 3,
                    () => FullSvd(activation, centred), () => new EigenCam(Centred: centred).Map(activation, activation));
            }
    }

    // As pytorch-grad-cam does it: one full decomposition a sample.
    private static void FullSvd(Tensor activation, bool centred)
    {
        for (var sample = 0; sample < activation.shape[0]; sample++)
        {
            var rows = activation[sample].flatten(1).t();
            if (centred) rows -= rows.mean([0], keepdim: true);
            var (_, _, right) = linalg.svd(rows, fullMatrices: true);
            rows.matmul(right[0]);
        }
    }

    private static void AblationCam()
    {
        using var model = (IDifferentiableModel)ResNet18.Open();
        using var whole = new WholeRuns(model);
        using var batch = torch.randn(1, 3, 112, 112);
        var layer = model.Graph.Find("layer4.0.relu2");
        var (method, target) = (new AblationCam(), new ClassTarget(1));
        Row($"Ablation-CAM at {layer.Name} of a ResNet-18, 512 channels, 1 × 3 × 112 × 112", "whole runs for each channel", 1,
            () => method.Attribute(whole, batch, layer, target, Job.Quiet()), () => method.Attribute(model, batch, layer, target, Job.Quiet()));
    }

    private static void Targets()
    {
        using var model = (IDifferentiableModel)ResNet18.Open();
        using var batch = torch.randn(2, 3, 112, 112);
        var layers = model.Graph.Layers.Where(layer => layer.Op == "Relu").ToList();
        List<Target> targets = [.. Enumerable.Range(0, 10).Select(i => new ClassTarget(i))];
        ILayerMap map = new GradCam();
        foreach (var chosen in new List<Layer>[] { [.. layers], [layers[^1]] })
            Row($"10 targets at {chosen.Count} layers of a ResNet-18, 2 × 3 × 112 × 112", "a forward and a backward for each target and layer", chosen.Count > 1 ? 1 : 5, () =>
            {
                foreach (var target in targets)
                    foreach (var layer in chosen)
                        foreach (var pair in LayerGradients.Of(model, batch, [layer], target)) map.Map(pair.Activation, pair.Gradient);
            }, () => new AttributionPlan([new("grad-cam", map)], [.. chosen], [.. targets]).Run(model, batch, Job.Quiet(), _ => { }));
    }

    private static void Occlusion()
    {
        using var model = (IDifferentiableModel)ResNet18.Open();
        using var whole = new WholeRuns(model);
        using var batch = torch.randn(1, 3, 224, 224);
        var (method, target) = (new Occlusion(32, 8), new ClassTarget(1));
        Row("Occlusion of a ResNet-18, 32 × 32 windows, stride 8, 1 × 3 × 224 × 224", "whole runs", 1,
            () => method.Attribute(whole, batch, target, Job.Quiet()), () => method.Attribute(model, batch, target, Job.Quiet()));
    }

    private static void Row(string what, string beside, int runs, Action others, Action ours)
    {
        var (left, right) = (new List<double>(), new List<double>());
        var (less, more) = (Peak.Of(() => Milliseconds(ours)), 0.0);
        for (var run = 0; run < runs; run++)
        {
            more = Math.Max(more, Peak.Of(() => left.Add(Milliseconds(others))));
            right.Add(Milliseconds(ours));
        }
        var (slow, fast) = (left.Order().ElementAt(runs / 2), right.Order().ElementAt(runs / 2));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {beside} | {slow:0} | {fast:0} | {slow / fast:0.0} | {Peak.Text(more)} | {Peak.Text(less)} |"));
    }

    private static double Milliseconds(Action action)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>A network that can neither be cut nor watched.</summary>
    private sealed class WholeRuns(IDifferentiableModel inner) : IDifferentiableModel
    {
        public ModelGraph Graph => inner.Graph;

        public Outputs Run(Inputs inputs, Tap? tap = null) => inner.Run(inputs, tap);

        public void Dispose()
        {
        }
    }
}
