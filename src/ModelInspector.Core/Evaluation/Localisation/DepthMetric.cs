using System.Collections.Immutable;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>A metric of the by-depth table.</summary>
/// <param name="Name">Catalog name.</param>
/// <param name="Threshold">τ; for <c>specificity-at-sensitivity</c> the sensitivity that is held; null for metrics without either.</param>
/// <param name="Metric">What measures it.</param>
public sealed record DepthMetric(string Name, double? Threshold, IMetric<MaskedMap> Metric)
{
    /// <summary>Specificity never comes without its companions.</summary>
    public static ImmutableArray<DepthMetric> All { get; } =
    [
        .. new[] { 0.1, 0.2, 0.5 }.Select(threshold => new DepthMetric("specificity", threshold, new Specificity(threshold))),
        .. new[] { 0.1, 0.2, 0.5 }.Select(threshold => new DepthMetric("sensitivity", threshold, new Sensitivity(threshold))),
        .. new[] { 0.5, 0.8 }.Select(held => new DepthMetric("specificity-at-sensitivity", held, new SpecificityAtSensitivity(held))),
        new("energy-inside", null, new EnergyInside()),
        new("energy-concentration", null, new EnergyConcentration()),
        new("auroc", null, new Auroc()),
        new("average-precision", null, new AveragePrecision()),
        new("pointing-game", null, new PointingGame()),
    ];

    /// <summary>The metric's name with its threshold: "specificity at τ = 0.2".</summary>
    public string Label => Name switch
    {
        "specificity-at-sensitivity" => $"specificity at sensitivity {Threshold}",
        "auroc" => "AUROC",
        _ when Threshold is { } threshold => $"{Name} at τ = {threshold}",
        _ => Name,
    };
}
