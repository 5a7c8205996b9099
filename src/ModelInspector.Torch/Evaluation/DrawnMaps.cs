using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>A drawn map as an array: (samples, positions…).</summary>
/// <param name="Layer">Where it looks.</param>
/// <param name="Method">Its name as it was asked for.</param>
/// <param name="Maps">Summed over channels.</param>
/// <param name="Rates">The same before the sum, where its values are changes of the score per unit of what the method looks at; else null.</param>
internal sealed record StoredMap(string Layer, string Method, NdArray Maps, NdArray? Rates = null)
{
    public int Samples => Maps.Shape[0];

    /// <summary>One sample's map, copied.</summary>
    public NdArray Of(int sample) => new(Maps.Shape[1..], Maps[sample].ToArray());
}

/// <summary>Maps of a plan taken out of tensors.</summary>
internal static class DrawnMaps
{
    /// <summary>Every map of a batch, in an order that is the plan's alone.</summary>
    public static List<StoredMap> Of(IDifferentiableModel model, Tensor batch, MapPlan plan, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var drawn = new List<StoredMap>();
        plan.Draw(model, batch, target, job, map => drawn.Add(new(map.Layer, map.Method, Batches.ToArray(map.Map), map.Rates is null ? null : Batches.ToArray(map.Rates))));
        return drawn;
    }
}
