using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelInspector.Models;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Benchmarks;

/// <summary>
/// One network run by turns: by our readers, and by libtorch's own TorchScript executor in the same process. A machine that grows slower
/// and faster does so for all of them.
/// </summary>
internal static partial class Turns
{
    private const int Seconds = 50;

    /// <summary>Runs <c>NAME.onnx</c> and <c>NAME.pt</c> and prints medians: wall clock, processor time, and the median of each round's ratio to the executor.</summary>
    public static void Print(string name, long batch)
    {
        manual_seed(0);
        using var input = randn(batch, 3, 224, 224);
        using var quiet = inference_mode();
        using var onnx = Model.Open(name + ".onnx", new OpenOptions(InputShape: [batch, 3, 224, 224]));
        using var script = Model.Open(name + ".pt", new OpenOptions(InputShape: [batch, 3, 224, 224]));
        using var executor = ScriptSource.Load(name + ".pt");
        Runner[] all =
        [
            new("libtorch's executor", false, () => executor.Forward(input).Dispose()),
            new("the same, memory kept", true, () => executor.Forward(input).Dispose()),
            new("ours, ONNX", true, () => onnx.Run(input).Dispose()),
            new("ours, ONNX, memory not kept", false, () => onnx.Run(input).Dispose()),
            new("ours, ONNX, every layer alone", true, () => onnx.Run(input, (_, _, _) => null).Dispose()),
            new("ours, TorchScript", true, () => script.Run(input).Dispose()),
        ];
        foreach (var runner in all) runner.Twice();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < Seconds;)
            foreach (var runner in all) runner.Measure();
        foreach (var runner in all) Console.WriteLine(runner.Told(all[0]));
    }

    private sealed class Runner(string name, bool keep, Action run)
    {
        private readonly List<double> walls = [], efforts = [];

        public void Measure()
        {
            Twice();
            var (watch, before) = (Stopwatch.StartNew(), Effort());
            run();
            walls.Add(watch.Elapsed.TotalMilliseconds);
            efforts.Add(Effort() - before);
        }

        // What the one before it left in caches and idle memory is gone after a round of its own.
        public void Twice()
        {
            _ = mi_memory_keep(keep ? (byte)1 : (byte)0);
            run();
        }

        public string Told(Runner first) => string.Create(CultureInfo.InvariantCulture,
            $"{name,-30} {Median(walls),8:0.0} ms  {Median(efforts),8:0.0} ms of processors  {Median(walls.Zip(first.walls, (own, other) => own / other)),6:0.00} ×  (n = {walls.Count})");

        private static double Effort() => Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds;

        private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
    }

    [LibraryImport("modelinspector_native")]
    private static partial byte mi_memory_keep(byte on);
}
