using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Clustering;
using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Evaluation.Stability;
using ModelInspector.Numerics;

namespace ModelInspector.Cli;

/// <summary>Every catalog entry that the command line can reach, by family.</summary>
internal static class Methods
{
    public static ImmutableArray<CatalogEntry> LayerMaps { get; } = Catalog.Of<ILayerMap>();

    public static ImmutableArray<CatalogEntry> LayerAttributions { get; } = Catalog.Of<ILayerAttribution>();

    public static ImmutableArray<CatalogEntry> InputMaps { get; } = Catalog.Of<IAttribution>();

    public static ImmutableArray<CatalogEntry> Attributions { get; } = [.. LayerMaps.Concat(LayerAttributions).Concat(InputMaps).DistinctBy(entry => entry.Name)];

    public static ImmutableArray<CatalogEntry> Embeddings { get; } = Catalog.Of<IEmbedding>(typeof(ILayerMap).Assembly);

    public static ImmutableArray<CatalogEntry> Clusterings { get; } = Catalog.Of<IClustering>();

    public static ImmutableArray<CatalogEntry> Metrics { get; } = Catalog.Of<IMetric<MaskedMap>>();

    public static ImmutableArray<CatalogEntry> MapComparisons { get; } = Catalog.Of<IMetric<MapPair>>();

    public static ImmutableArray<CatalogEntry> Faithfulness { get; } = [.. Catalog.Of<IMetric<RemovalCurves>>().Concat(Catalog.Of<IMetric<RemovalEffects>>())];

    public static ImmutableArray<CatalogEntry> Stability { get; } = Catalog.Of<IMetric<MapVersions>>();

    public static ImmutableArray<CatalogEntry> Complexity { get; } = Catalog.Of<IMetric<NdArray>>();

    public static ImmutableArray<CatalogEntry> SanityChecks { get; } = Catalog.Of<ISanityCheck>();

    public static IEnumerable<(string Family, CatalogEntry Entry)> All =>
    [
        .. LayerMaps.Select(entry => ("attribution at a layer", entry)),
        .. LayerAttributions.Where(entry => !Has(InputMaps, entry)).Select(entry => ("attribution at a layer, by running the network", entry)),
        .. InputMaps.Select(entry => (Has(LayerAttributions, entry) ? "attribution at the input or a layer" : "attribution at the input", entry)),
        .. Embeddings.Select(entry => ("embedding", entry)),
        .. Clusterings.Select(entry => ("clustering", entry)),
        .. Metrics.Select(entry => ("score of a map against a mask", entry)),
        .. Faithfulness.Select(entry => ("faithfulness of a map", entry)),
        .. Stability.Select(entry => ("stability of a map", entry)),
        .. Complexity.Select(entry => ("complexity of a map", entry)),
        .. MapComparisons.Select(entry => ("likeness of two maps", entry)),
        .. SanityChecks.Select(entry => ("sanity check of maps", entry)),
    ];

    private static bool Has(ImmutableArray<CatalogEntry> entries, CatalogEntry sought) => entries.Any(entry => entry.Name == sought.Name);
}
