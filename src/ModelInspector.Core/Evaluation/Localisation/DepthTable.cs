using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>
/// Scores maps of many images, layers and methods against masks as they are computed, one batch at a time: nothing of a map is kept but its scores.
/// </summary>
/// <remarks>
/// A map is rectified at its own resolution (negative values count as zero) and brought to the mask's by bi- or trilinear interpolation.
/// Controls beside it: <c>random</c> (noise at every position), <c>random-smooth</c> (noise at a layer's resolution, brought to the mask's like a map of that
/// layer), <c>intensity</c> (the input's own brightness) and <c>edges</c> (Sobel). Images without mask do not take part.
/// </remarks>
public sealed class DepthTable
{
    private static readonly string[] Everywhere = ["random", "intensity", "edges"];

    private readonly int images;
    private readonly ulong seed;
    private readonly Dictionary<(string Layer, string Method), ScoreSheet> sheets = [];
    private readonly Dictionary<string, string> resolutions = []; // of each layer
    private readonly ConcurrentDictionary<(string From, string To), Upsampling> upsamplings = [];
    private readonly ImageScores<(string Layer, string Method, string Metric)> further;

    /// <summary>An empty table.</summary>
    /// <param name="layers">In execution order.</param>
    /// <param name="methods">The first two are told apart in the sentences.</param>
    /// <param name="images">Samples in the data set.</param>
    /// <param name="seed">Of the random controls.</param>
    public DepthTable(ImmutableArray<string> layers, ImmutableArray<string> methods, int images, ulong seed)
    {
        (Layers, Methods, this.images, this.seed, further) = (layers, methods, images, seed, new(images));
        foreach (var layer in layers)
            foreach (var method in methods) sheets[(layer, method)] = new(images);
    }

    /// <summary>Layers in execution order.</summary>
    public ImmutableArray<string> Layers { get; }

    /// <summary>Methods, the first two told apart in the sentences.</summary>
    public ImmutableArray<string> Methods { get; }

    /// <summary>Adds the maps of one method at one layer for some images in a row.</summary>
    /// <param name="layer">One of the table's layers.</param>
    /// <param name="method">One of the table's methods.</param>
    /// <param name="first">Index of the first image in the data set.</param>
    /// <param name="maps">(n, H, W) or (n, D, H, W) at the layer's own resolution, raw.</param>
    /// <param name="masks">One an image, at the input's resolution; null where there is none.</param>
    /// <exception cref="InputException">A map cannot be brought to its mask's shape.</exception>
    public void Add(string layer, string method, int first, NdArray maps, IReadOnlyList<NdArray?> masks)
    {
        var shape = maps.Shape[1..];
        Score(sheets[(layer, method)], first, masks, i => maps[i], shape);
        resolutions[layer] = Text(shape);
        Score(Control("random-smooth " + resolutions[layer]), first, masks, i => ControlMaps.Random(shape, seed + 1, first + i).Values, shape);
    }

    /// <summary>Adds the controls that do not depend on a layer for some images in a row.</summary>
    /// <param name="first">Index of the first image in the data set.</param>
    /// <param name="masks">One an image; null where there is none.</param>
    /// <param name="intensities">The input's brightness, one an image, at the mask's resolution.</param>
    public void AddControls(int first, IReadOnlyList<NdArray?> masks, IReadOnlyList<NdArray> intensities)
    {
        if (intensities.Count == 0) return;
        var shape = intensities[0].Shape;
        Score(Control("random"), first, masks, i => ControlMaps.Random(shape, seed, first + i).Values, shape);
        Score(Control("intensity"), first, masks, i => intensities[i].Values, shape);
        Score(Control("edges"), first, masks, i => ControlMaps.Edges(intensities[i]).Values, shape);
    }

    /// <summary>Adds a score that needs no mask, such as a map's faithfulness.</summary>
    /// <param name="layer">One of the table's layers.</param>
    /// <param name="method">One of the table's methods.</param>
    /// <param name="metric">Catalog name.</param>
    /// <param name="image">Index of the image in the data set.</param>
    /// <param name="score">The score.</param>
    public void Add(string layer, string method, string metric, int image, Score score) => further.Add((layer, method, metric), image, score);

    /// <summary>The scores of one metric, one an image, NaN where there is none.</summary>
    /// <param name="layer">Layer; empty for a control.</param>
    /// <param name="method">Method or control.</param>
    /// <param name="metric">Catalog name.</param>
    /// <param name="threshold">τ, or the sensitivity held; null for metrics without either.</param>
    public ReadOnlySpan<double> Scores(string layer, string method, string metric, double? threshold) => Sheet(layer, method)[metric, threshold];

    /// <summary>Means with intervals over images, or over units such as patients, and what they say.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="bootstrap">How intervals are made.</param>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    /// <param name="unitName">What a unit is, in the plural: "images", "patients".</param>
    public SpecificityByDepth Finish(string title, Bootstrap bootstrap, ImmutableArray<string> units, string unitName)
    {
        var draws = bootstrap.Over(units, images, seed);
        var measured = Measured().ToList();
        var rows = new DepthRow?[measured.Count];
        RowParallel.Run(rows.Length, 1, (_, row, _) => rows[row] = measured[row].Row(draws));
        ImmutableArray<DepthRow> defined = [.. rows.OfType<DepthRow>()];
        return new(title, From(bootstrap, unitName), Layers, defined, new DepthSentences(this, defined, draws, unitName).All());
    }

    /// <summary>The whole table as CSV, one line an image: what was measured, for own statistics.</summary>
    /// <param name="ids">Name of each image.</param>
    public IEnumerable<string> Csv(ImmutableArray<string> ids)
    {
        yield return "image,layer,method,metric,threshold,value";
        foreach (var scores in Measured())
            for (var image = 0; image < images; image++)
                if (scores.Seen(image))
                    yield return string.Create(CultureInfo.InvariantCulture, $"{Quoted(ids[image])},{Quoted(scores.Layer)},{Quoted(scores.Method)},{scores.Metric},{scores.Threshold},{scores.Values[image]:R}");
    }

    /// <summary>Writes every score so far, to go on with later by <see cref="Load"/>.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(resolutions.Count);
        foreach (var (layer, shape) in resolutions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.Write(layer);
            writer.Write(shape);
        }
        writer.Write(sheets.Count);
        foreach (var ((layer, method), sheet) in sheets.OrderBy(pair => pair.Key.Layer, StringComparer.Ordinal).ThenBy(pair => pair.Key.Method, StringComparer.Ordinal))
        {
            writer.Write(layer);
            writer.Write(method);
            sheet.Save(writer);
        }
        further.Save(writer, (to, key) =>
        {
            to.Write(key.Layer);
            to.Write(key.Method);
            to.Write(key.Metric);
        });
    }

    /// <summary>Reads what <see cref="Save"/> wrote of a table of the same layers, methods, images and seed.</summary>
    public void Load(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--) resolutions[reader.ReadString()] = reader.ReadString();
        for (var left = reader.ReadInt32(); left > 0; left--) Sheet(reader).Load(reader);
        further.Load(reader, from => (from.ReadString(), from.ReadString(), from.ReadString()));
    }

    private ScoreSheet Sheet(BinaryReader reader)
    {
        var key = (reader.ReadString(), reader.ReadString());
        return sheets.TryGetValue(key, out var sheet) ? sheet : sheets[key] = new(images);
    }

    /// <summary>Everything that was measured, by image.</summary>
    internal IEnumerable<MeasuredScores> Measured()
    {
        foreach (var (layer, method, control) in Keys())
            for (var metric = 0; metric < DepthMetric.All.Length; metric++)
                yield return new(layer, method, DepthMetric.All[metric].Name, DepthMetric.All[metric].Threshold, control, Sheet(layer, method)[metric], Sheet(layer, method).Seen);
        foreach (var key in further.Keys) yield return new(key.Layer, key.Method, key.Metric, null, false, further.Of(key).ToArray(), null);
    }

    /// <summary>Scores without mask that could not be given: by method and reason, of which metrics, at which layers, for how many images at most.</summary>
    internal IEnumerable<(string Method, string Reason, List<string> Metrics, List<string> Layers, int Images)> Missing() =>
        from key in further.Keys
        from missing in further.Undefined(key)
        group (key, missing.Images) by (key.Method, missing.Reason) into one
        select (one.Key.Method, one.Key.Reason, one.Select(score => score.key.Metric).Distinct().ToList(), one.Select(score => score.key.Layer).Distinct().ToList(), one.Max(score => score.Images));

    internal ScoreSheet Sheet(string layer, string method) =>
        method == "random-smooth" ? sheets[("", $"random-smooth {resolutions[layer]}")] : sheets[(layer, method)];

    /// <summary>Everything that was measured: the methods, then the controls.</summary>
    internal IEnumerable<(string Layer, string Method, bool Control)> Keys()
    {
        foreach (var method in Methods)
            foreach (var layer in Layers) yield return (layer, method, false);
        foreach (var layer in Layers.Where(resolutions.ContainsKey)) yield return (layer, "random-smooth", true);
        foreach (var control in Everywhere.Where(control => sheets.ContainsKey(("", control)))) yield return ("", control, true);
    }

    private ScoreSheet Control(string name)
    {
        if (!sheets.TryGetValue(("", name), out var sheet)) sheets[("", name)] = sheet = new(images);
        return sheet;
    }

    private delegate ReadOnlySpan<float> MapOf(int index);

    private void Score(ScoreSheet sheet, int first, IReadOnlyList<NdArray?> masks, MapOf map, ImmutableArray<int> shape) =>
        RowParallel.Run(masks.Count, 1, () => new Desk(), (desk, i, _, _) =>
        {
            if (masks[i] is { } mask && !sheet.Seen[first + i]) sheet.Measure(first + i, desk.Lay(map(i), mask, Between(shape, mask.Shape)));
        });

    private Upsampling Between(ImmutableArray<int> from, ImmutableArray<int> to) =>
        upsamplings.GetOrAdd((Text(from), Text(to)), _ => new Upsampling(from, to));

    private static string Text(ImmutableArray<int> shape) => string.Join("×", shape);

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private Provenance From(Bootstrap bootstrap, string unitName) => new(
        "specificity-by-depth",
        ImmutableSortedDictionary.CreateRange(
        [
            KeyValuePair.Create("resamples", bootstrap.Resamples.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("level", bootstrap.Level.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("units", unitName),
            KeyValuePair.Create("upsampling", Layers.Any(layer => resolutions.GetValueOrDefault(layer)?.Count(c => c == '×') == 2) ? "trilinear" : "bilinear"),
        ]),
        seed,
        "Philbrick et al., AJR 2018 (specificity of saliency activation maps); Efron and Tibshirani 1993 (percentile bootstrap)");

    /// <summary>One worker's memory: a map on its way to its scores.</summary>
    private sealed class Desk
    {
        private readonly Upsampling.Space between = new();
        private readonly MaskedMap.Space order = new();
        private float[] rectified = [];
        private float[] raised = [];

        public MaskedMap Lay(ReadOnlySpan<float> map, NdArray mask, Upsampling upsampling)
        {
            if (rectified.Length < map.Length) rectified = new float[map.Length];
            if (raised.Length < mask.Values.Length) raised = new float[mask.Values.Length];
            for (var i = 0; i < map.Length; i++) rectified[i] = map[i] > 0 || float.IsNaN(map[i]) ? map[i] : 0;
            var result = raised.AsSpan(0, mask.Values.Length);
            upsampling.Apply(rectified.AsSpan(0, map.Length), result, between);
            return new MaskedMap(result, mask.Values, order);
        }
    }
}
