using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Planning;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>A map that was drawn.</summary>
/// <param name="Layer">Where it looks; <see cref="MapPlan.InputLayer"/> for a map of the input.</param>
/// <param name="Method">Its name as it was asked for.</param>
/// <param name="Map">(samples, positions…), raw: at the layer's resolution, a transformer's tokens as the patches they are, summed over channels. It lives while it is told of.</param>
/// <param name="Rates">Where its values are changes of the score per unit of what the method looks at: these values, channels and all. Null for shares of the score.</param>
public sealed record DrawnMap(string Layer, string Method, Tensor Map, Tensor? Rates = null);

/// <summary>Maps of any kind at any layers as scores need them, one value a position; the passes are those of an <see cref="AttributionPlan"/>.</summary>
/// <param name="Layers">Where layer maps look.</param>
/// <param name="Methods">What is drawn. A method that can look both at a layer and at the input looks at both.</param>
public sealed record MapPlan(ImmutableArray<Layer> Layers, ImmutableArray<PlannedMethod> Methods)
{
    /// <summary>What stands for a layer's name in maps of the input.</summary>
    public const string InputLayer = "input";

    /// <summary>Every attribution of the catalog; a name that stands for two kinds is the layer's.</summary>
    private static readonly ImmutableArray<CatalogEntry> Known =
        [.. Catalog.Of<ILayerMap>().Concat(Catalog.Of<ILayerAttribution>()).Concat(Catalog.Of<IAttribution>()).DistinctBy(entry => entry.Name)];

    /// <summary>A plan of methods by name, settings after a colon: <c>sam</c>, <c>sam:variant=signed:…</c>.</summary>
    /// <exception cref="InputException">A method or setting is unknown.</exception>
    public static MapPlan Of(ImmutableArray<Layer> layers, IEnumerable<string> methods) => new(layers, [.. methods.Distinct().Select(Method)]);

    /// <summary>Where maps are drawn, in the order of depth; the input first if a method looks at it.</summary>
    public ImmutableArray<string> Places =>
        [.. Methods.Any(AtInput) ? new[] { InputLayer } : [], .. Methods.Any(AtLayers) ? Layers.Select(layer => layer.Name) : []];

    /// <summary>Draws every map of a batch.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained.</param>
    /// <param name="job">Seed of methods that draw random numbers, cancellation.</param>
    /// <param name="done">Receives each map as soon as it is made, in an order that is always the same.</param>
    public void Draw(IDifferentiableModel model, Tensor batch, Target target, Job job, Action<DrawnMap> done)
    {
        var grid = TokenGrid.Of(model.Graph);
        foreach (var plan in Plans(model.Graph, target))
            plan.Run(model, batch, job, map =>
            {
                using var scope = NewDisposeScope();
                var method = plan.Methods[map.Method];
                done(new(map.Layer?.Name ?? InputLayer, method.Name, HasChannels(map, method, batch) ? Summed(map, grid) : map.Values, method.Method is IRate { IsRate: true } ? map.Values : null));
            });
    }

    /// <summary>The methods that cannot look at some of the layers, which are then left out for them: at which ones, and why not at the first of these.</summary>
    /// <param name="graph">The network.</param>
    /// <exception cref="InputException">A method can look at none of the layers.</exception>
    public ImmutableArray<(PlannedMethod Method, ImmutableArray<Layer> At, string Reason)> Unfit(ModelGraph graph)
    {
        var unfit = ImmutableArray.CreateBuilder<(PlannedMethod, ImmutableArray<Layer>, string)>();
        foreach (var method in Methods)
        {
            if (method.Method is not ILayerAttribution at || Layers.FirstOrDefault(layer => at.Unfit(graph, layer) is not null) is not { } first) continue;
            var reason = at.Unfit(graph, first)!;
            ImmutableArray<Layer> fit = [.. Layers.Where(layer => at.Unfit(graph, layer) is null)];
            unfit.Add(fit.IsEmpty ? throw new InputException(reason) : (method, fit, reason));
        }
        return unfit.ToImmutable();
    }

    // Methods of both look at the layers in the first plan; what is left of them is the input.
    private IEnumerable<AttributionPlan> Plans(ModelGraph graph, Target target)
    {
        var unfit = Unfit(graph);
        yield return new([.. Methods.Where(method => unfit.All(one => one.Method != method))], Layers, [target]);
        foreach (var (method, layers, _) in unfit) yield return new([method], layers, [target]);
        ImmutableArray<PlannedMethod> both = [.. Methods.Where(method => AtLayers(method) && AtInput(method))];
        if (!Layers.IsEmpty && !both.IsEmpty) yield return new(both, [], [target]);
    }

    // A method that runs the network may answer in the layer's own shape, in the input's, or at the layer's positions.
    private static bool HasChannels(PlannedMap map, PlannedMethod method, Tensor batch) => method.Method switch
    {
        ILayerMap formula => formula.KeepsChannels,
        _ => map.Layer is not { } layer || map.Values.Dimensions == batch.Dimensions || IsShape(map.Values.shape, layer.Output),
    };

    private static bool IsShape(long[] shape, ImmutableArray<long> declared) =>
        shape.Length == declared.Length && shape.Skip(1).Zip(declared.Skip(1)).All(axis => axis.First == axis.Second);

    private static Tensor Summed(PlannedMap map, TokenGrid? grid) =>
        map.Layer is not null && grid is not null && grid.Holds(map.Values.shape) ? grid.Laid(map.Values).sum(1) : map.Values.sum(1);

    private static bool AtLayers(PlannedMethod method) => method.Method is ILayerMap or ILayerAttribution;

    private static bool AtInput(PlannedMethod method) => method.Method is IAttribution;

    private static PlannedMethod Method(string text)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        return new(text, Catalog.Find(Known, parts[0]).Create<object>(parts.Skip(1).Select(Setting).ToDictionary(setting => setting.Name, setting => setting.Value)));
    }

    private static (string Name, string Value) Setting(string text) => text.Split('=', 2) is [var name, var value] ? (name, value)
        : throw new InputException($"`{text}` is no setting. Expected name=value, as in sam:variant=signed.");
}
