using ModelInspector.Capture;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>What tests ask of a small network.</summary>
internal static class ScriptedRuns
{
    public static IEnumerable<string> Names(this GraphModel model) => model.Graph.Layers.Select(layer => layer.Name);

    /// <summary>What it makes of one row.</summary>
    public static float[] RunOn(this GraphModel model, params float[] input)
    {
        using var scope = NewDisposeScope();
        return Batches.ToArray(model.Run(tensor(input).reshape(1, -1)).First).Values;
    }

    /// <summary>Layers that are seen for a row of so many numbers.</summary>
    public static List<string> Tapped(this GraphModel model, int width)
    {
        var names = new List<string>();
        using var outputs = model.Run(zeros(1, width), (layer, _, _) =>
        {
            names.Add(layer.Name);
            return null;
        });
        return names;
    }
}
