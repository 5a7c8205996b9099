using System.Collections.Immutable;
using System.Diagnostics;
using ModelInspector.Findings;

namespace ModelInspector.Inspection;

/// <summary>Times the stages of a run.</summary>
internal sealed class Stages
{
    private readonly List<StageTime> times = [];

    public ImmutableArray<StageTime> Times => [.. times];

    public T Time<T>(string stage, Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        var result = work();
        times.Add(new StageTime(stage, watch.Elapsed.TotalSeconds));
        return result;
    }
}
