using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;

namespace ModelInspector.Studies;

/// <summary>A mean over trained networks and images.</summary>
/// <param name="Value">Mean of what an image has on average over the networks, with the bootstrap interval over networks and patients.</param>
/// <param name="P">How likely chance alone takes it as far from zero, uncorrected.</param>
/// <param name="Low">Mean of the network with the lowest.</param>
/// <param name="High">Mean of the network with the highest.</param>
internal sealed record SeedMean(Interval Value, double P, double Low, double High)
{
    /// <summary>"0.981".</summary>
    public string Plain => Interval.Number(Value.Estimate);

    /// <summary>"+0.034 [0.029, 0.040]".</summary>
    public string Signed => Value.Difference();

    /// <summary>"0.02 … 0.05".</summary>
    public string Range => $"{Interval.Number(Low)} … {Interval.Number(High)}";
}

/// <summary>The scores of networks of one architecture that differ in their seed alone, measured on the same images.</summary>
internal sealed class SeedScores(Architecture architecture, IReadOnlyList<DepthTable> seeds, CrossedDraws draws)
{
    public Architecture Architecture => architecture;

    /// <summary>How many there are.</summary>
    public int Networks => seeds.Count;

    public string Name => Catalog.Kebab(architecture.ToString());

    /// <summary>Layers with layer maps, in execution order.</summary>
    public IReadOnlyList<string> Layers => [.. seeds[0].Layers.Where(layer => layer != MapPlan.InputLayer)];

    /// <summary>A mean.</summary>
    public SeedMean Mean(string layer, string method, string metric, double? threshold) => Of([.. seeds.Select(seed => seed.Scores(layer, method, metric, threshold).ToArray())]);

    /// <summary>The mean of one method minus another, paired by network and image; the second may look elsewhere.</summary>
    public SeedMean Difference((string Layer, string Method) one, (string Layer, string Method) other, string metric, double? threshold) => Of(
        [.. seeds.Select(seed => seed.Scores(one.Layer, one.Method, metric, threshold).ToArray().Zip(seed.Scores(other.Layer, other.Method, metric, threshold).ToArray(), (a, b) => a - b).ToArray())]);

    private SeedMean Of(double[][] values)
    {
        double[] means = [.. values.Select(Average).Where(mean => !double.IsNaN(mean)).DefaultIfEmpty(double.NaN)];
        var (value, p) = draws.Mean(values);
        return new(value, p, means.Min(), means.Max());
    }

    private static double Average(IEnumerable<double> values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
