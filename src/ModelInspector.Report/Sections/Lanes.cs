using ModelInspector.Models;

namespace ModelInspector.Report.Sections;

/// <summary>
/// Draws a network as a list with lanes beside it: each row is a layer, each lane a value on its way from the layer that makes it to the last one that
/// takes it. Linear in the number of layers and connections, so that a thousand layers cost nothing.
/// </summary>
internal static class Lanes
{
    /// <summary>One row of the list.</summary>
    /// <param name="Layer">Index of the layer in execution order.</param>
    /// <param name="At">Lane on which the layer's dot stands.</param>
    /// <param name="From">Lanes that end in, or branch off into, this layer.</param>
    /// <param name="Through">Lanes that go on below this row, the layer's own among them if someone takes its value.</param>
    public sealed record Row(int Layer, int At, IReadOnlyList<int> From, IReadOnlyList<int> Through);

    /// <summary>Rows of the layers to show; values run through those that are not shown.</summary>
    public static IReadOnlyList<Row> Of(ModelGraph graph, Func<Layer, bool> show)
    {
        var sources = Sources(graph, show);
        var last = new Dictionary<int, int>();
        foreach (var (layer, from) in sources)
            foreach (var source in from) last[source] = layer;
        return [.. Assign(sources, last)];
    }

    /// <summary>Each shown layer in execution order with the shown layers whose values reach it.</summary>
    private static List<(int Layer, int[] From)> Sources(ModelGraph graph, Func<Layer, bool> show)
    {
        var index = graph.Layers.Select((layer, i) => (layer.Name, i)).GroupBy(pair => pair.Name).ToDictionary(group => group.Key, group => group.First().i);
        var reaches = new int[graph.Layers.Length][];
        var shown = new List<(int, int[])>();
        for (var i = 0; i < graph.Layers.Length; i++)
        {
            int[] from = [.. graph.Layers[i].Inputs.Select(name => index.GetValueOrDefault(name, -1)).Where(source => source >= 0 && source < i).SelectMany(source => reaches[source]).Distinct().Order()];
            if (show(graph.Layers[i])) shown.Add((i, from));
            reaches[i] = show(graph.Layers[i]) ? [i] : from;
        }
        return shown;
    }

    private static IEnumerable<Row> Assign(List<(int Layer, int[] From)> sources, Dictionary<int, int> last)
    {
        var lanes = new List<int>();                  // what each lane carries; -1: free
        foreach (var (layer, from) in sources)
        {
            var taken = from.Select(source => lanes.IndexOf(source)).ToArray();
            foreach (var lane in taken.Where((lane, i) => last[from[i]] == layer)) lanes[lane] = -1;
            var at = taken.FirstOrDefault(lane => lanes[lane] == -1, Free(lanes));
            if (last.ContainsKey(layer)) lanes[at] = layer;
            yield return new Row(layer, at, taken, [.. Enumerable.Range(0, lanes.Count).Where(lane => lanes[lane] >= 0)]);
        }
    }

    private static int Free(List<int> lanes)
    {
        var free = lanes.IndexOf(-1);
        if (free >= 0) return free;
        lanes.Add(-1);
        return lanes.Count - 1;
    }
}
