using System.Globalization;
using System.Runtime.InteropServices;

namespace ModelInspector.Benchmarks;

/// <summary>The most memory that something takes on top of what is there already, as Linux counts resident pages.</summary>
internal static partial class Peak
{
    private const string Status = "/proc/self/status";

    /// <summary>In MiB; NaN where the system does not tell.</summary>
    public static double Of(Action work)
    {
        if (!File.Exists(Status)) return double.NaN;
        GC.Collect();
        _ = Trim(0); // what the C library keeps of earlier work would hide what this takes
        File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts again from what is resident now
        var before = Read("VmRSS");
        work();
        return (Read("VmHWM") - before) / 1024.0;
    }

    public static string Text(double mebibytes) => double.IsNaN(mebibytes) ? "–" : mebibytes.ToString("0", CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);

    private static double Read(string name) =>
        double.Parse(File.ReadLines(Status).First(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
