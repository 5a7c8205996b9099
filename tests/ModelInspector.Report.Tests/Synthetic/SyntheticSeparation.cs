using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Report.Tests.Synthetic;

/// <summary>Separability, units as points, groups of samples and a sanity check, made up.</summary>
internal static class SyntheticSeparation
{
    private const int Units = 32;
    private const int Top = 5;

    public static IEnumerable<Finding> Of(RunDirectory run, ImmutableArray<string> layers, ImmutableArray<int> labels, int classes, string hostile)
    {
        yield return new SeparabilityByDepth("Separability by depth", Provenance.Of("separability"), layers,
            [.. layers.Index().SelectMany(layer => Rows(layer.Item, (layer.Index + 1.0) / layers.Length))], [$"Classes lie apart from `{layers[^1]}`{hostile} on."]);
        yield return new ParameterRandomisationByLayer("Parameter randomisation", Provenance.Of("parameter-randomisation"), layers,
            [.. layers.Index().SelectMany(stage => new[] { "sam", "grad-cam" }.Select(method =>
                new RandomisationRow(stage.Item, .1 * stage.Index, layers[^1], method, "rank-correlation", new(.6 - .1 * stage.Index, .5 - .1 * stage.Index, .7 - .1 * stage.Index, 40))))],
            ["Maps change as soon as the last layer is replaced" + hostile]);
        yield return new MapSimilarity("Agreement of methods", Provenance.Of("method-agreement"),
            [.. layers.Index().SelectMany(layer => Likeness(layer.Item, (layer.Index + 1.0) / layers.Length))], ["SAM and Grad-CAM share most at the end" + hostile]);
        yield return new MethodLeague("Which method does best", Provenance.Of("league"),
            [.. new[] { "sam", "grad-cam", "random" }.Select((method, rank) => new LeagueRow("auroc", null, rank + 1, method, method == "random", layers[^1] + hostile, new(.8 - .1 * rank, .7 - .1 * rank, .9 - .1 * rank, 40), rank == 0 ? null : new(.1 * rank, .05, .2, 40)))],
            ["SAM does best at AUROC" + hostile]);
        yield return new ScoresByGroup("Scores by group", Provenance.Of("scores-by-group"),
            [.. new[] { "A", "B" }.Select((group, i) => new GroupRow("scanner" + hostile, group + hostile, new(layers[^1], "sam", "auroc", null, new(.8 - .1 * i, .7 - .1 * i, .9 - .1 * i, 20), false)))],
            ["Maps are worse on scanner B" + hostile]);
        yield return new MapSimilarity("Maps of two classes", Provenance.Of("class-sensitivity"),
            [.. layers.Index().Select(layer => new DepthRow(layer.Item, "sam", "rank-correlation", null, new(.9 - .1 * layer.Index, .8 - .1 * layer.Index, 1 - .1 * layer.Index, 40), false))],
            ["Maps of two classes differ at the last layer" + hostile]);
        yield return Codes(run, labels.Length, hostile);
        yield return new StudyResult("Which map is best" + hostile, Provenance.Of("study"),
            [new("By layer" + hostile, "Means of ten networks.", ["layer", "sam", "grad-cam"], [.. layers.Select((layer, i) => (ImmutableArray<string>)[layer, $"0.{50 + i}", $"0.{40 + i}"])])],
            ["SAM wins at every layer" + hostile]);
        foreach (var (index, layer) in layers.Index())
        {
            yield return Points(run, layer, index, classes, labels.Length, hostile);
            yield return new LayerClusters($"k-means of {layer}", Provenance.Of("k-means"), layer, "k-means", [.. labels.Select((label, i) => i % 9 == 0 ? -1 : label)], classes,
                ImmutableSortedDictionary<string, double>.Empty.Add("silhouette", .31), [hostile + "Groups are found anywhere."]);
        }
    }

    private static ImageCodes Codes(RunDirectory run, int samples, string hostile)
    {
        const int codes = 4, side = 24, steps = 7;
        var shown = Math.Min(8, samples);
        Draw("image-coder/reconstructions.png", shown, 2);
        Draw("image-coder/traversal.png", steps, codes);
        run.Save("image-coder/coder.npz", "");
        return new ImageCodes($"The images from {codes} numbers each", Provenance.Of("convolutional-autoencoder"), codes, [.. Enumerable.Range(0, shown)], [.. Enumerable.Range(0, shown).Select(i => .01 * (i + 1))],
            "image-coder/reconstructions.png", "image-coder/traversal.png", "image-coder/coder.npz", ImmutableSortedDictionary<string, double>.Empty.Add("reconstruction error", .21), ["Restored images are blurred" + hostile]);

        void Draw(string file, int across, int down) => File.WriteAllBytes(run.File(file), Png.Encode(across * side, down * side, 1,
            [.. Enumerable.Range(0, across * down * side * side).Select(i => (byte)(8 * (i % (across * side) / side) + 16 * (i / (across * side) / side) + 4 * (i % side)))]));
    }

    private static IEnumerable<DepthRow> Rows(string layer, double depth) =>
    [
        new(layer, "labels", "neighbour-accuracy", null, new(.2 + .7 * depth, .15 + .7 * depth, .25 + .7 * depth, 200), false),
        new(layer, "shuffled-labels", "neighbour-accuracy", null, new(.2, .17, .23, 200), true),
        new(layer, "labels", "silhouette", null, new(.5 * depth - .1, .4 * depth - .1, .6 * depth - .1, 200), false),
    ];

    private static IEnumerable<DepthRow> Likeness(string layer, double depth) =>
    [
        new(layer, "SAM and Grad-CAM", "shared-brightest-tenth", null, new(.2 + .7 * depth, .18 + .7 * depth, .23 + .7 * depth, 40), false),
        new(layer, "chance", "shared-brightest-tenth", null, new(.1, .1, .1, 40), true),
    ];

    private static UnitEmbedding Points(RunDirectory run, string layer, int index, int classes, int samples, string hostile)
    {
        var points = new NdArray([Units, 2], [.. Enumerable.Range(0, Units).SelectMany(unit => new[] { (float)Math.Cos(2.4 * unit) * unit, (float)Math.Sin(2.4 * unit) * unit })]);
        Npy.Write(run.File($"units/{index:000}.pca.npy"), points);
        Npy.Write(run.File($"units/{index:000}.top.npy"), new NdArray([Units, Top], [.. Enumerable.Range(0, Units * Top).Select(i => (float)(i * 3 % samples))]));
        return new UnitEmbedding($"pca of the units of {layer}", Provenance.Of("pca"), layer, "pca", "mean", new($"units/{index:000}.pca.npy", points.Shape),
            [.. Enumerable.Range(0, Units).Select(unit => unit == 7 ? -1 : unit % classes)], [.. Enumerable.Range(0, Units).Select(unit => Math.Exp(-unit / 9.0))], [7],
            [.. Enumerable.Range(0, Units).Select(unit => unit % 3)], ImmutableSortedDictionary<string, double>.Empty.Add("trustworthiness (k = 10)", .9), ["Units lie together" + hostile])
        {
            TopSamples = new($"units/{index:000}.top.npy", [Units, Top]),
        };
    }
}
