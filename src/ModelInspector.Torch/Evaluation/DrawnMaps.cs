using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>A drawn map as an array: (samples, positions…).</summary>
internal sealed record StoredMap(string Layer, string Method, NdArray Maps)
{
    public int Samples => Maps.Shape[0];

    /// <summary>One sample's map, copied.</summary>
    public NdArray Of(int sample) => new(Maps.Shape[1..], Maps[sample].ToArray());
}

/// <summary>Maps of a plan taken out of tensors.</summary>
internal static class DrawnMaps
{
    /// <summary>Every map of a batch, in the plan's order.</summary>
    public static List<StoredMap> Of(IDifferentiableModel model, Tensor batch, MapPlan plan, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        return [.. plan.Draw(model, batch, target, job).Select(map => new StoredMap(map.Layer, map.Method, Batches.ToArray(map.Map)))];
    }

    /// <summary>The target as the unchanged network sees the batch: a predicted class becomes that class.</summary>
    public static Target Fixed(IModel model, Tensor batch, Target target)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return target.FixedBy(Readout.Of(model, batch, target));
    }
}
