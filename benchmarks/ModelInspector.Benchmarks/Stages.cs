using System.Diagnostics;
using ModelInspector;

namespace ModelInspector.Benchmarks;

/// <summary>Wall time of each stage that a job reports.</summary>
internal sealed class Stages : IProgress<Step>
{
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly List<(string Stage, double From, double To, double Cpu, double CpuTo)> seen = [];

    private static double Cpu => Environment.CpuUsage.TotalTime.TotalSeconds;

    public void Report(Step value)
    {
        if (value.Note is not null && value.Stage == "neighbours") Console.WriteLine($"{value.Done}/{value.Total} {value.Note} {Cpu:0.00}");
        var now = watch.Elapsed.TotalSeconds;
        if (seen.Count == 0 || seen[^1].Stage != value.Stage) seen.Add((value.Stage, now, now, Cpu, Cpu));
        else seen[^1] = seen[^1] with { To = now, CpuTo = Cpu };
    }

    public void Print()
    {
        foreach (var (stage, from, to, cpu, cpuTo) in seen) Console.WriteLine($"STAGE {stage} {to - from:0.000} {cpuTo - cpu:0.000} (from {from:0.000} {cpu:0.000})");
    }
}
