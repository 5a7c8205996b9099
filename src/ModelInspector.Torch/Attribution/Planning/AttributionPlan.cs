using System.Collections.Immutable;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Planning;

/// <summary>A method of a plan.</summary>
/// <param name="Name">What its maps go by.</param>
/// <param name="Method">An <see cref="ILayerMap"/>, <see cref="ILayerAttribution"/> or <see cref="IAttribution"/>.</param>
public sealed record PlannedMethod(string Name, object Method);

/// <summary>One map of a plan.</summary>
/// <param name="Method">Number of the method in the plan.</param>
/// <param name="Target">Number of the target in the plan.</param>
/// <param name="Layer">Where the map looks; null for the input.</param>
/// <param name="Values">The map, raw; it lives while it is told of.</param>
public sealed record PlannedMap(int Method, int Target, Layer? Layer, Tensor Values);

/// <summary>Maps of several methods, at several layers, of several targets, from as few passes as can be.</summary>
/// <remarks>
/// All formulas on a layer's (activation, gradient) and on the input's (input, gradient) share one forward, and one backward for each target, which goes no further back
/// than the first layer asked for, or to the input if a formula on it is asked for. Methods that run the network are run for each target and layer.
/// </remarks>
/// <param name="Methods">What is drawn. A method that can look both at a layer and at the input looks at the layers, if there are any.</param>
/// <param name="Layers">Where methods of a layer look.</param>
/// <param name="Targets">What is explained.</param>
public sealed record AttributionPlan(ImmutableArray<PlannedMethod> Methods, ImmutableArray<Layer> Layers, ImmutableArray<Target> Targets)
{
    /// <summary>Whether a method looks at layers.</summary>
    public bool IsOfLayers(int method) => Methods[method].Method is ILayerMap || (Methods[method].Method is ILayerAttribution && (!Layers.IsEmpty || Methods[method].Method is not IAttribution));

    /// <summary>Makes every map of a batch.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <param name="done">Receives each map as soon as it is made; not in the order of the plan.</param>
    public void Run(IDifferentiableModel model, Tensor batch, Job job, Action<PlannedMap> done)
    {
        Formulas(model, batch, done);
        for (var method = 0; method < Methods.Length; method++)
            if (!IsFormula(method)) Runs(model, batch, method, job, done);
    }

    private bool IsFormula(int method) => Methods[method].Method is ILayerMap || (Methods[method].Method is IInputMap && !IsOfLayers(method));

    private void Formulas(IDifferentiableModel model, Tensor batch, Action<PlannedMap> done)
    {
        var (pairs, inputs) = (Of<ILayerMap>(_ => true), Of<IInputMap>(IsFormula));
        if (pairs.Count == 0 && inputs.Count == 0) return;
        var grid = TokenGrid.Of(model.Graph);
        SharedRun.Each(model, batch, pairs.Count > 0 ? Layers : [], inputs.Count > 0, Targets, (target, found, gradient) =>
        {
            foreach (var pair in found)
                foreach (var (method, drawn) in pairs.Zip(pair.Drawn([.. pairs.Select(each => each.Method)], grid))) done(new(method.Index, target, pair.Layer, drawn));
            foreach (var (method, map) in inputs) done(new(method, target, null, map.Map(batch, gradient!)));
        });
    }

    private void Runs(IDifferentiableModel model, Tensor batch, int method, Job job, Action<PlannedMap> done)
    {
        for (var target = 0; target < Targets.Length; target++)
            foreach (var layer in IsOfLayers(method) ? Layers.Cast<Layer?>() : [null])
            {
                using var scope = NewDisposeScope();
                done(new(method, target, layer, layer is null
                    ? ((IAttribution)Methods[method].Method).Attribute(model, batch, Targets[target], job)
                    : ((ILayerAttribution)Methods[method].Method).Attribute(model, batch, layer, Targets[target], job)));
            }
    }

    private List<(int Index, T Method)> Of<T>(Func<int, bool> wanted) =>
        [.. Methods.Index().Where(method => method.Item.Method is T && wanted(method.Index)).Select(method => (method.Index, (T)method.Item.Method))];
}
