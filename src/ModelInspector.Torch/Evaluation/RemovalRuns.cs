using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Attribution;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Models;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>Runs a network on images with positions taken away: every metric that asks for the same order of positions reads the same runs.</summary>
/// <param name="Steps">Steps from the whole image to nothing of it.</param>
/// <param name="Fill">What is put in the place of removed positions.</param>
/// <param name="Regions">Square regions, a fifth of the image long, that are replaced to see how well a map predicts the change; the same for every map of an image.</param>
/// <remarks>Cost for an image: 2 + regions runs, and 2·steps − 1 for each map. The information curves read the runs of insertion and cost a compression for each.</remarks>
public sealed record RemovalRuns([Range(2, 100)] int Steps = 8, Fill Fill = Fill.NoisyLinear, [Range(2, 10000)] int Regions = 24)
{
    private const double Side = 0.2;

    internal static ImmutableArray<(string Name, IMetric<RemovalCurves> Metric)> OfCurves { get; } =
    [
        ("deletion", new Deletion()), ("insertion", new Insertion()), ("road", new Road()), ("average-drop", new AverageDrop()), ("increase-in-confidence", new IncreaseInConfidence()),
        ("accuracy-information", new AccuracyInformation()), ("softmax-information", new SoftmaxInformation()),
    ];

    internal static ImmutableArray<(string Name, IMetric<RemovalEffects> Metric)> OfEffects { get; } =
        [("infidelity", new Infidelity()), ("faithfulness-correlation", new FaithfulnessCorrelation())];

    /// <summary>Scores every map of one image.</summary>
    /// <param name="network">Answers for changed images.</param>
    /// <param name="input">(C, H, W) or (C, D, H, W).</param>
    /// <param name="maps">Its maps, raw.</param>
    /// <param name="job">Seed of regions, ties and noise; cancellation.</param>
    /// <param name="seen">Receives the curves of each map.</param>
    internal IEnumerable<(StoredMap Map, string Metric, Score Score)> Measure(Answers network, NdArray input, IReadOnlyList<StoredMap> maps, Job job, Action<StoredMap, RemovalCurves>? seen = null)
    {
        var regions = Drawn(input.Shape[1..], job.Seed);
        var replaced = Filled(input, regions, job);
        var blank = Blank(input, job);
        var plain = network.To([input, blank.Image, .. replaced]);
        ImmutableArray<double> falls = [.. plain.Skip(2).Select(answer => plain[0].Score - answer.Score)];
        var ends = new Ends(plain[0], plain[1], blank.Image, EstimatedInformation.For(input).Of(input), blank.Information);
        foreach (var map in maps)
        {
            job.Cancel.ThrowIfCancellationRequested();
            var raised = new Upsampling(map.Maps.Shape[1..], input.Shape[1..]).Apply(map.Of(0));
            var curves = Curves(network, input, raised, ends, job);
            seen?.Invoke(map, curves);
            foreach (var (name, metric) in OfCurves) yield return (map, name, metric.Measure(curves, job));
            ImmutableArray<double>? predicted = map.Rates is { } rates ? Changes(rates, input, replaced) : [.. regions.Select(region => Inside(raised, region))];
            foreach (var (name, metric) in OfEffects)
                yield return (map, name, predicted is { } given ? metric.Measure(new(given, falls), job) : Score.None("a rate per unit of a layer's values says nothing of regions of the image"));
        }
    }

    private RemovalCurves Curves(Answers network, NdArray input, NdArray map, Ends ends, Job job)
    {
        var order = RemovalOrder.Of(map, job.Seed);
        var inner = Enumerable.Range(1, Steps - 1).Select(step => (int)Math.Round((double)step * order.Length / Steps)).ToArray();
        var (estimate, information) = (EstimatedInformation.For(input), new double[inner.Length]);
        var filled = Filled(input, [.. inner.Select(count => First(order, count)), .. inner.Select(count => Rest(order, count))], job, (version, smooth) =>
        {
            if (version >= inner.Length) information[version - inner.Length] = estimate.Of(smooth);
        });
        var answers = network.To([.. filled, Weighted(input, ends.Blank, map)]);
        var (removed, kept) = (answers[..inner.Length], answers[inner.Length..^1]);
        return new([0, .. inner.Select(count => (double)count / order.Length), 1],
            [ends.Whole.Probability, .. removed.Select(answer => answer.Probability), ends.Empty.Probability],
            [.. kept.Prepend(ends.Empty).Append(ends.Whole).Select(answer => answer.Probability)],
            answers[^1].Probability)
        {
            Information = [ends.EmptyInformation, .. information, ends.WholeInformation],
            Right = [.. kept.Prepend(ends.Empty).Append(ends.Whole).Select(answer => answer.Chosen ? 1.0 : 0)],
        };
    }

    // What is told of a version is what it is before its noise, which holds nothing of the image.
    private NdArray[] Filled(NdArray input, IReadOnlyList<bool[]> removed, Job job, Action<int, NdArray>? told = null)
    {
        var (images, imputation) = (new NdArray[removed.Count], new Imputation(Fill));
        RowParallel.Run(images.Length, 1, (_, image, _) =>
        {
            images[image] = imputation.Smooth(input, removed[image]);
            told?.Invoke(image, images[image]);
            imputation.Disturb(images[image], input, removed[image], job.Seed + (ulong)image);
        }, job.Cancel);
        return images;
    }

    private (NdArray Image, double Information) Blank(NdArray input, Job job)
    {
        var (all, information) = (new bool[input.Stride], 0.0);
        all.AsSpan().Fill(true);
        var image = Filled(input, [all], job, (_, smooth) => information = EstimatedInformation.For(input).Of(smooth))[0];
        return (image, information);
    }

    private static NdArray Weighted(NdArray input, NdArray blank, NdArray map)
    {
        var (result, largest) = (new NdArray(blank.Shape, [.. blank.Values]), map.Values.Max());
        if (!(largest > 0)) return result;
        for (var i = 0; i < result.Values.Length; i++)
            result.Values[i] += Math.Max(0, map.Values[i % map.Values.Length]) / largest * (input.Values[i] - result.Values[i]);
        return result;
    }

    /// <summary>What does not depend on the map: where every curve begins and ends.</summary>
    private sealed record Ends(Answer Whole, Answer Empty, NdArray Blank, double WholeInformation, double EmptyInformation);

    private static bool[] First(int[] order, int count)
    {
        var chosen = new bool[order.Length];
        foreach (var place in order.AsSpan(0, count)) chosen[place] = true;
        return chosen;
    }

    private static bool[] Rest(int[] order, int count) => Array.ConvertAll(First(order, count), kept => !kept);

    private List<bool[]> Drawn(ImmutableArray<int> shape, ulong seed)
    {
        var random = new Randomness(seed, 0x5E610);
        return [.. Enumerable.Range(0, Regions).Select(region => Square(shape, axis => random.Uniform((ulong)(region * shape.Length + axis))))];
    }

    private static bool[] Square(ImmutableArray<int> shape, Func<int, double> at)
    {
        var (sides, positions) = (shape.Select(size => Math.Max(1, (int)Math.Round(Side * size))).ToArray(), shape.Aggregate(1, (product, size) => product * size));
        var starts = shape.Select((size, axis) => (int)(at(axis) * (size - sides[axis] + 1))).ToArray();
        var inside = new bool[positions];
        for (var place = 0; place < positions; place++)
        {
            var (rest, within) = (place, true);
            for (var axis = shape.Length - 1; axis >= 0; axis--) (rest, within) = (rest / shape[axis], within && rest % shape[axis] - starts[axis] is >= 0 and var step && step < sides[axis]);
            inside[place] = within;
        }
        return inside;
    }

    // What a rate predicts is rate times change; only the input's own values are known to have changed by so much. Null where the rates are of something else.
    private static ImmutableArray<double>? Changes(NdArray rates, NdArray input, NdArray[] replaced) => !rates.Shape.Skip(1).SequenceEqual(input.Shape) ? null
        : [.. replaced.Select(image => image.Values.Index().Sum(value => ((double)input.Values[value.Index] - value.Item) * rates.Values[value.Index]))];

    private static double Inside(NdArray map, bool[] region)
    {
        var sum = 0.0;
        for (var i = 0; i < region.Length; i++) sum += region[i] ? map.Values[i] : 0;
        return sum;
    }
}
