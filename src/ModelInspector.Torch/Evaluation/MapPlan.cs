using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>A map that was drawn.</summary>
/// <param name="Layer">Where it looks; <see cref="MapPlan.InputLayer"/> for a map of the input.</param>
/// <param name="Method">Its name as it was asked for.</param>
/// <param name="Map">(samples, positions…), raw: at the layer's resolution, summed over channels.</param>
public sealed record DrawnMap(string Layer, string Method, Tensor Map);

/// <summary>A method as it was asked for: <c>sam</c>, <c>sam:variant=signed</c>.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Entry">Its catalog entry.</param>
/// <param name="Built">An <see cref="ILayerMap"/>, <see cref="ILayerAttribution"/> or <see cref="IAttribution"/>.</param>
public sealed record PlannedMethod(string Name, CatalogEntry Entry, object Built)
{
    /// <summary>Whether it looks at layers. Some look at the input, too.</summary>
    public bool AtLayers => Built is ILayerMap or ILayerAttribution;

    /// <summary>Whether it looks at the input.</summary>
    public bool AtInput => Built is IAttribution;
}

/// <summary>Maps of any kind at any layers, from the fewest passes: everything that is a formula on activation and gradient shares one forward and one backward.</summary>
/// <param name="Layers">Where layer maps look.</param>
/// <param name="Methods">What is drawn.</param>
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
        [.. Methods.Any(method => method.AtInput) ? new[] { InputLayer } : [], .. Methods.Any(method => method.AtLayers) ? Layers.Select(layer => layer.Name) : []];

    /// <summary>Draws every map of a batch; those of the input come last.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained.</param>
    /// <param name="job">Seed of methods that draw random numbers, cancellation.</param>
    /// <param name="scores">Receives the scores before soft-max, detached; only called if a method is a formula on activation and gradient.</param>
    public IEnumerable<DrawnMap> Draw(IDifferentiableModel model, Tensor batch, Target target, Job job, Action<Tensor>? scores = null)
    {
        var formulas = Methods.Where(method => method.Built is ILayerMap).ToList();
        if (formulas.Count > 0)
            foreach (var pair in LayerGradients.Of(model, batch, Layers, target, scores))
                foreach (var method in formulas) yield return new(pair.Layer.Name, method.Name, ((ILayerMap)method.Built).Map(pair.Activation, pair.Gradient));
        foreach (var method in Methods.Except(formulas))
        {
            if (method.Built is ILayerAttribution deep)
                foreach (var layer in Layers) yield return new(layer.Name, method.Name, Summed(deep.Attribute(model, batch, layer, target, job), layer));
            if (method.AtInput) yield return new(InputLayer, method.Name, ((IAttribution)method.Built).Attribute(model, batch, target, job).sum(1));
        }
    }

    // A method may answer in the layer's own shape, channels included.
    private static Tensor Summed(Tensor map, Layer layer) => layer.Output.Length > 0 && map.Dimensions == layer.Output.Length ? map.sum(1) : map;

    private static PlannedMethod Method(string text)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        var entry = Catalog.Find(Known, parts[0]);
        return new(text, entry, entry.Create<object>(parts.Skip(1).Select(Setting).ToDictionary(setting => setting.Name, setting => setting.Value)));
    }

    private static (string Name, string Value) Setting(string text) => text.Split('=', 2) is [var name, var value] ? (name, value)
        : throw new InputException($"`{text}` is no setting. Expected name=value, as in sam:variant=signed.");
}
