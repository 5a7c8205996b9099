using System.Diagnostics;
using System.Globalization;
using ModelInspector.Benchmarks;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Torch.Tests.Onnx;
using TorchSharp;
using static TorchSharp.torch;

// Forward passes beside libtorch's TorchScript executor on the same weights, and what loading a large file costs.
//   write FOLDER               the networks as ONNX and TorchScript, and a file of 500 MB
//   turns FOLDER/NAME BATCH    one run of NAME.onnx and NAME.pt by our readers and by the executor, by turns
//   effort FILE BATCH          least processor milliseconds of one run in one thread: as the file has it, and with batch norms folded
//   load FILE                  seconds and peak memory of opening and running once
torch.set_num_threads(Environment.ProcessorCount);
switch (args)
{
    case ["write", var folder]: Write(folder); return 0;
    case ["turns", var name, var batch]: Turns.Print(name, long.Parse(batch, CultureInfo.InvariantCulture)); return 0;
    case ["effort", var file, var batch]: Effort(file, long.Parse(batch, CultureInfo.InvariantCulture)); return 0;
    case ["load", var file]: Load(file); return 0;
    default: Console.Error.WriteLine("Say write FOLDER, turns FOLDER/NAME BATCH, effort FILE BATCH or load FILE."); return 2;
}

static void Write(string folder)
{
    Directory.CreateDirectory(folder);
    foreach (var (name, network) in new[] { ("resnet18", Architectures.ResNet18()), ("mobilenet", Architectures.MobileNet()) })
    {
        network.Save(Path.Combine(folder, name + ".onnx"));
        ScriptModule.Save(network, Path.Combine(folder, name + ".pt"));
    }
    Large(Path.Combine(folder, "large.onnx"));
}

// Layers of 2048 × 2048, 500 MB together.
static void Large(string path)
{
    var (net, values, random) = (new OnnxBuilder("large"), new float[2048 * 2048], new Random(1));
    var at = net.Input("x", [-1, 2048]);
    for (var layer = 0; layer < 30; layer++)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (random.NextSingle() - 0.5f) * 0.04f;
        at = net.Node("Relu", [net.Node("Gemm", [at, net.Weight($"layer{layer}.weight", [2048, 2048], values)], ("transB", 1L))]);
    }
    net.Output(at, "y").Save(path);
}

// Processor time hardly depends on what else the machine does.
static void Effort(string file, long batch)
{
    torch.set_num_threads(1);
    using var model = Model.Open(file, new OpenOptions(InputShape: [batch, 3, 224, 224]));
    torch.manual_seed(0);
    using var input = torch.randn(batch, 3, 224, 224);
    using var quiet = torch.inference_mode();
    Console.WriteLine(string.Join(' ', new Tap?[] { (_, _, _) => null, null }.Select(tap =>
    {
        var (least, all) = (double.MaxValue, Stopwatch.StartNew());
        for (var run = 0; run < 8 || (all.Elapsed.TotalSeconds < 4 && run < 60); run++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            model.Run(input, tap).Dispose();
            least = Math.Min(least, (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds);
        }
        return least.ToString("0.0", CultureInfo.InvariantCulture);
    })));
}

static void Load(string file)
{
    var watch = Stopwatch.StartNew();
    using var model = Model.Open(file);
    var opened = watch.Elapsed;
    using var outputs = model.Run(torch.zeros([.. model.Graph.Inputs[0].Shape.Select(size => Math.Max(1, size))]));
    var status = File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM", StringComparison.Ordinal) || line.StartsWith("RssAnon", StringComparison.Ordinal));
    Console.WriteLine($"{new FileInfo(file).Length / 1e6:0} MB file, opened in {opened.TotalSeconds:0.00} s; {string.Join(", ", status.Select(line => string.Join(' ', line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))))}");
}
