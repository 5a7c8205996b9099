using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;

namespace ModelInspector.Studies;

/// <summary>A mean over trained networks and images. Its interval speaks of these networks: only patients are drawn anew.</summary>
/// <param name="Value">Mean, with the bootstrap interval over patients of what an image has on average over the networks.</param>
/// <param name="Low">Mean of the network with the lowest.</param>
/// <param name="High">Mean of the network with the highest.</param>
internal sealed record SeedMean(Interval Value, double Low, double High)
{
    public bool Above => Value.Low > 0;

    public bool Below => Value.High < 0;

    /// <summary>"0.981".</summary>
    public string Plain => Interval.Number(Value.Estimate);

    /// <summary>"+0.034 [0.029, 0.040]".</summary>
    public string Signed => Value.Difference();

    /// <summary>"0.02 … 0.05".</summary>
    public string Range => $"{Interval.Number(Low)} … {Interval.Number(High)}";
}

/// <summary>The scores of networks of one architecture that differ in their seed alone, measured on the same images.</summary>
internal sealed class SeedScores(Architecture architecture, IReadOnlyList<DepthTable> seeds, BootstrapDraws draws)
{
    public Architecture Architecture => architecture;

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
        double[] images = [.. Enumerable.Range(0, values[0].Length).Select(image => Average(values.Select(seed => seed[image])))];
        double[] means = [.. values.Select(Average).Where(mean => !double.IsNaN(mean))];
        return means.Length == 0 ? new(new(double.NaN, double.NaN, double.NaN, 0), double.NaN, double.NaN) : new(draws.Mean(images), means.Min(), means.Max());
    }

    private static double Average(IEnumerable<double> values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
