using System.Globalization;
using ModelInspector.Numerics;
using TorchSharp;

namespace ModelInspector.Cli.Terminal;

/// <summary>How many processors a run takes: what OMP_NUM_THREADS says, else all that this process may use.</summary>
internal static class Threads
{
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0
            ? Math.Min(asked, Environment.ProcessorCount)
            : Environment.ProcessorCount;

    // libtorch's own default is one thread on some machines.
    public static void Take()
    {
        torch.set_num_threads(Count);
        RowParallel.Threads = Count;
    }
}
