using System.Diagnostics;
using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>Adds up the time of each layer's own work over several runs.</summary>
internal sealed class LayerClock : IWatcher
{
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(400);

    private readonly Dictionary<string, TimeSpan> times = [];
    private int runs;

    /// <summary>Runs a network a few times, and no longer than needed.</summary>
    /// <returns>Mean time by layer name.</returns>
    public static IReadOnlyDictionary<string, TimeSpan> Measure(IWatchableModel model, Inputs inputs, int most)
    {
        var (clock, watch) = (new LayerClock(), Stopwatch.StartNew());
        while (clock.runs < most && (clock.runs < 2 || watch.Elapsed < Enough)) model.Run(inputs, clock).Dispose();
        return clock.times.ToDictionary(time => time.Key, time => time.Value / clock.runs);
    }

    /// <inheritdoc/>
    public void Begins(Tensor[] inputs) => runs++;

    /// <inheritdoc/>
    public void Ran(ProgramStep step, object?[] inputs, object?[] outputs, TimeSpan time)
    {
        if (step.Layer is { } layer) times[layer.Name] = times.GetValueOrDefault(layer.Name) + time;
    }
}
