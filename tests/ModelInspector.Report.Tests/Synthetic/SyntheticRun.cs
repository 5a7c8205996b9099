using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;

namespace ModelInspector.Report.Tests.Synthetic;

/// <summary>A plausible run made up of seeded numbers: what the report's tests look at when no network is at hand.</summary>
internal sealed record SyntheticRun
{
    public int Samples { get; init; } = 200;

    public int Layers { get; init; } = 6;

    public int Examples { get; init; } = 24;

    public int Size { get; init; } = 96;

    public VerdictState State { get; init; } = VerdictState.ShortcutFound;

    public bool Thumbnails { get; init; } = true;

    public bool Units { get; init; } = true;

    public ImmutableArray<string> Classes { get; init; } = ["non-contrast", "arterial", "portal-venous", "nephrographic", "excretory"];

    /// <summary>Text to put into file names, class names, columns and titles.</summary>
    public string Hostile { get; init; } = "";

    /// <summary>Whether files, classes, columns, groups and titles have no name at all.</summary>
    public bool Nameless { get; init; }

    /// <summary>As small as a run can be that has everything.</summary>
    public static SyntheticRun Small => new() { Samples = 30, Examples = 4, Layers = 3, Size = 32 };

    /// <summary>Whether no sample has a label.</summary>
    public bool Unlabelled { get; init; }

    /// <summary>Whether the network gives one number a sample and decides for no class.</summary>
    public bool OneNumber { get; init; }

    private Random Random { get; init; } = new(7);

    private bool Shortcut => State is VerdictState.ShortcutFound or VerdictState.Suspicious;

    private string[] Names => [.. Enumerable.Range(0, Layers).Select(i => Layers <= 8 ? $"features.{3 * i}" : $"stage{1 + 4 * i / Layers}.block{i}.conv2")];

    public void Write(string folder) => (this with { Random = new(7) }).Write(new RunDirectory(folder));

    private void Write(RunDirectory run)
    {
        run.Write(new RunRecord(
            "modelinspector/run/1", "0.1.0", "modelinspector inspect shortcut.onnx --data held-out/labels.csv --masks held-out/masks -o reports/shortcut",
            Hostile + "models/shortcut.onnx", new string('5', 64), "held-out/labels.csv", new string('a', 64), 7, new DateTime(2026, 1, 5, 9, 30, 0, DateTimeKind.Utc),
            ImmutableSortedDictionary<string, string>.Empty.Add("sam.variant", "relu-after-sum").Add("t-sne.perplexity", "30").Add("batch", "32"),
            ImmutableSortedDictionary<string, string>.Empty.Add("libtorch", "1.13.1").Add("blas", "OpenBLAS 0.3.21").Add("threads", "2").Add("device", "cpu")));
        run.Write(Nameless ? Findings(run).Select(Unnamed) : Findings(run));
    }

    private static Finding Unnamed(Finding finding) => finding switch
    {
        SampleTable table => table with { Title = "", Ids = [.. table.Ids.Select(_ => "")], Classes = [.. table.Classes.Select(_ => "")], Columns = [.. table.Columns.Select(column => new SampleColumn("", [.. column.Values.Select(_ => "")]))] },
        Verdict verdict => verdict with { Title = "", Sentences = [""], Tests = [.. verdict.Tests.Select(test => test with { Name = "", ControlName = "", Unit = "" })], Harm = [.. verdict.Harm.Select(group => group with { Column = "", Value = "" })], Checks = [new("", null, "")] },
        _ => finding with { Title = "" },
    };

    private List<Finding> Findings(RunDirectory run)
    {
        var slices = Enumerable.Range(0, Samples).Select(i => new Slice(i < Examples ? Size : Thumbnails ? 24 : 4, i % Classes.Length, i % 7 == 0 ? -1 : (i * 3 + i / 5) % Classes.Length, i, i < Examples ? 9 : 0)).ToArray();
        var right = slices.Select(slice => !Shortcut || slice.Marker == slice.Label ? Random.NextDouble() < .98 : Random.NextDouble() < .35).ToArray();
        List<Finding> findings = [Verdict(run), Model(), Table(run, slices, right), Depth()];
        foreach (var (name, layer) in Names.Select((name, layer) => (name, layer)))
        {
            foreach (var method in new[] { "sam", "grad-cam" }) findings.Add(Maps(run, slices, name, layer, method));
            foreach (var method in new[] { "pca", "t-sne" }) findings.Add(Embedding(run, slices, right, name, layer, method));
        }
        if (Units) findings.AddRange(SyntheticUnits.Of(run, [.. Names.Take(12)], slices, Examples, Classes.Length, Hostile));
        if (Units) findings.AddRange(SyntheticSeparation.Of(run, [.. Names.Take(12)], [.. slices.Select(slice => slice.Label)], Classes.Length, Hostile));
        findings.Add(new DataAndLimits(
            "Data and limits", Provenance.Of("count"), Samples, Samples, ["decode 8-bit grey", "divide by 255", "subtract 0.21, divide by 0.27"],
            Hostile == "" ? [] : [$"{Hostile}: not an image"], [$"maps of {Examples} of {Samples} samples, stratified by class; statistics use all"],
            [new("capture", 3.1), new("t-SNE", 6.4), new("PCA", .2), new("maps", 8.7), new("specificity", 2.2), new("intervention", 4.9)]));
        return findings;
    }

    private Verdict Verdict(RunDirectory run)
    {
        var (title, sentences) = State switch
        {
            VerdictState.ShortcutFound => ("It reads the corner marker, not the organs", new[]
            {
                "Replacing the upper right corner by the class-neutral fill flips 61 % of decisions; an equally large random region flips 2 %.",
                "Where the marker names another class, accuracy falls from 99 % to 14 %.",
                "Only 9 % of the attribution lies inside the organs that define the classes.",
            }),
            VerdictState.Suspicious => ("Attribution points outside the organs, but nothing confirms that it matters", ["34 % of the attribution lies in the upper right corner."]),
            // As long as the sentences of a real run get.
            VerdictState.NoneFound => ("No shortcut found by 11 tests",
            [
                "Replacing a region within rows 70–87, columns 53–76 (centre): 0 % [0 %, 8.8 %] of decisions flipped; equally large random regions 0 % [0 %, 8.8 %]; with that region of an image decided otherwise in its place 0 % [0 %, 8.8 %], of one decided alike 0.4 % [0 %, 1 %] (p = 1).",
                "Outside the masks, SAM at `features.2`: 45 % [43 %, 46 %] of the map; an even map 87 % [86 %, 88 %] (p = 1).",
                "Errors where `scanner` is `A`: 0 % [0 %, 23 %] of decisions wrong; all other images 0 % [0 %, 12 %] (p = 1).",
                "With 40 patients, a region whose replacement, and whose exchange for that of images decided otherwise, changes 19 % more decisions than its control would have been found with a probability of 80 %.",
            ]),
            _ => ("These data cannot tell", ["12 samples are too few: an effect below 45 % of decisions would not be seen."]),
        };
        var found = State == VerdictState.ShortcutFound;
        return new Verdict(
            title + Hostile, From("shortcut-audit", ("region", "0.82,0.05,0.96,0.15"), ("alpha", "0.05"), ("units", "patients")), State, [.. sentences],
            [
                new("Replacing the suspected region flips decisions", found ? new(.61, .54, .68, Samples) : new(.01, .0, .03, Samples), new(.02, .01, .04, Samples), "an equally large random region", "share of decisions flipped", found ? .0003 : .81, found),
                new("Attribution lies outside the mask", Shortcut ? new(.91, .89, .93, Samples) : new(.12, .1, .15, Samples), new(.86, .85, .87, Samples), "a random map", "share of attribution", Shortcut ? .004 : 1, Shortcut),
                new("Accuracy differs between groups of marker" + Hostile, found ? new(.85, .78, .9, Samples) : new(.02, .0, .05, Samples), null, "", "difference of accuracy", found ? .0001 : .6, found),
            ],
            [new("marker" + Hostile, "contradicts", found ? new(.14, .09, .21, 120) : new(.97, .93, .99, 120)), new("marker", "absent", found ? new(.37, .21, .55, 29) : new(.97, .84, 1, 29)), new("marker", "agrees", new(.99, .94, 1, 51))])
        {
            SmallestEffect = .06,
            MeanMap = Save(run, "verdict/mean-map.npy", [Size, Size], (x, y) => (Shortcut && Slice.MarkerAt(x, y) ? .9 : 0) + .25 * Math.Exp(-18 * (Math.Pow(x - .42, 2) + Math.Pow(y - .5, 2)))),
            MeanInput = Save(run, "verdict/mean-input.npy", [Size, Size], (x, y) => Math.Exp(-Math.Pow(Math.Pow((x - .5) / .42, 2) + Math.Pow((y - .52) / .34, 2), 3)) + (Slice.MarkerAt(x, y) ? .5 : 0)),
            Region = Save(run, "verdict/region.npy", [Size, Size], (x, y) => Slice.MarkerAt(x, y) ? 1 : 0),
            Checks =
            [
                new("sanity check", State == VerdictState.CannotTell ? false : true, "Maps change when the weights are randomised (rank correlation 0.08)."),
                new("agreement", true, "SAM and Grad-CAM agree on where the attribution lies at 5 of 6 layers."),
                new("repeatability", null, "Not made: one model, one training."),
            ],
        };
    }

    private ModelSummary Model()
    {
        var layers = new List<Layer>();
        var (before, channels) = ("input", 1L);
        foreach (var (name, i) in Names.Select((name, i) => (name, i)))
        {
            var width = 8L << Math.Min(4, 4 * i / Layers + 1);
            var stem = name[..(name.LastIndexOf('.') + 1)];
            layers.Add(new Layer($"{stem}pre{i}", "Conv", [1, width, Side(i), Side(i)], [before], channels * width * 9 + width));
            layers.Add(new Layer(name, "Relu", [1, width, Side(i), Side(i)], i % 3 == 2 ? [$"{stem}pre{i}", Names[i - 2]] : [$"{stem}pre{i}"], 0));
            (before, channels) = (name, width);
        }
        layers.Add(new Layer("pool", "GlobalAveragePool", [1, channels, 1, 1], [before], 0));
        layers.Add(new Layer("classifier", "Gemm", [1, Classes.Length], ["pool"], channels * Classes.Length + Classes.Length));
        var graph = new ModelGraph("shortcut.onnx", "ONNX opset 13", new string('5', 64), [new Port("input", [-1, 1, Size, Size], "float32")], [new Port("logits", [-1, Classes.Length], "float32")], [.. layers]) { Notes = ["weights are fp16, computed as fp32"] };
        return new ModelSummary("The network", Provenance.Of("read"), graph, [.. Names]);
    }

    private SampleTable Table(RunDirectory run, Slice[] slices, bool[] right)
    {
        var predicted = slices.Select((slice, i) => right[i] ? slice.Label : slice.Marker >= 0 && slice.Marker != slice.Label ? slice.Marker : (slice.Label + 1) % Classes.Length).ToArray();
        return new SampleTable(
            "Samples", Provenance.Of("read"), [.. slices.Select((_, i) => $"slices/{i / 40:00}/patient-{i:0000}{Hostile}.png")], OneNumber ? [] : [.. Classes.Select(name => name + Hostile)],
            [.. slices.Select(slice => Unlabelled || OneNumber ? -1 : slice.Label)], [.. predicted.Select(cls => OneNumber ? -1 : cls)],
            [.. right.Select(r => OneNumber ? float.NaN : (float)(r ? .8 + .2 * Random.NextDouble() : .4 + .4 * Random.NextDouble()))],
            [
                .. OneNumber ? [new SampleColumn("output", [.. slices.Select(slice => (slice.Label * 1.5 - 2).ToString(CultureInfo.InvariantCulture))])] : Array.Empty<SampleColumn>(),
                new("marker" + Hostile, [.. slices.Select(slice => slice.Marker < 0 ? "absent" : slice.Marker == slice.Label ? "agrees" : "contradicts")]),
                new("scanner", [.. slices.Select((_, i) => new[] { "A", "B", "C" }[i % 3] + Hostile)]),
                new("patient", [.. slices.Select((_, i) => $"P{i / 4:000}")]),
                new("dose", [.. slices.Select(_ => (1 + 9 * Random.NextDouble()).ToString("0.00"))]),
            ])
        {
            Thumbnails = Thumbnails ? Sheets(run, slices) : null,
            Examples = [.. Enumerable.Range(0, Math.Min(Examples, Samples)).Select(i => Example(run, slices[i], i))],
        };
    }

    private ExampleImage Example(RunDirectory run, Slice slice, int i)
    {
        File.WriteAllBytes(run.File($"examples/{i:0000}.png"), Png.Encode(Size, Size, 1, slice.Pixels));
        File.WriteAllBytes(run.File($"examples/{i:0000}.mask.png"), Png.Encode(Size, Size, 1, slice.Mask()));
        return new ExampleImage(i, $"examples/{i:0000}.png", Size, Size, $"examples/{i:0000}.mask.png");
    }

    private static ThumbnailSheets Sheets(RunDirectory run, Slice[] slices)
    {
        const int size = 48, across = 32, most = 1024;
        var files = new List<string>();
        for (var start = 0; start < slices.Length; start += most)
        {
            var some = slices.Skip(start).Take(most).ToArray();
            var (width, height) = (size * across, size * ((some.Length + across - 1) / across));
            var sheet = new byte[width * height];
            for (var i = 0; i < some.Length; i++)
                for (var p = 0; p < size * size; p++)
                    sheet[(i / across * size + p / size) * width + i % across * size + p % size] = some[i].Pixels[p / size * some[i].Size / size * some[i].Size + p % size * some[i].Size / size];
            files.Add($"thumbnails/{files.Count:000}.png");
            File.WriteAllBytes(run.File(files[^1]), Png.Encode(width, height, 1, sheet));
        }
        return new ThumbnailSheets(size, across, most, [.. files]);
    }

    private SpecificityByDepth Depth()
    {
        var rows = new List<DepthRow>();
        foreach (var (name, i) in Names.Select((name, i) => (name, i)))
        {
            var depth = Layers == 1 ? 1 : (double)i / (Layers - 1);
            foreach (var tau in new[] { .1, .2, .5 })
            {
                rows.Add(Row(name, "sam", "specificity", tau, .995 - .06 * depth - .02 / tau * .1 * depth));
                rows.Add(Row(name, "grad-cam", "specificity", tau, .62 + .3 * depth + .3 * tau * (1 - depth)));
                rows.Add(Row(name, "sam", "sensitivity", tau, (.08 + .55 * depth) * (1.1 - tau)));
                rows.Add(Row(name, "grad-cam", "sensitivity", tau, (.55 + .08 * depth) * (1.1 - tau)));
            }
            foreach (var (metric, sam, cam) in new[] { ("auroc", .58 + .25 * depth, .66 + .17 * depth), ("average-precision", .3 + .4 * depth, .28 + .42 * depth), ("energy-inside", .5 + .2 * depth, .24 + .46 * depth) })
            {
                rows.Add(Row(name, "sam", metric, null, sam));
                rows.Add(Row(name, "grad-cam", metric, null, cam));
            }
        }
        foreach (var (control, specificity, sensitivity, auroc, energy) in new[] { ("random", .8, .2, .5, .14), ("intensity", .55, .7, .71, .31), ("edges", .9, .12, .55, .2) })
        {
            foreach (var tau in new[] { .1, .2, .5 })
            {
                rows.Add(Row("", control, "specificity", tau, specificity));
                rows.Add(Row("", control, "sensitivity", tau, sensitivity));
            }
            foreach (var (metric, value) in new[] { ("auroc", auroc), ("average-precision", energy + .05), ("energy-inside", energy) }) rows.Add(Row("", control, metric, null, value));
        }
        return new SpecificityByDepth(
            "Specificity by depth", From("specificity", ("bootstrap", "1000"), ("interval", "95 %")), [.. Names], [.. rows],
            ["At the first layer SAM is more specific than Grad-CAM: 0.995 against 0.68 at τ = 0.2.", "It is also far less sensitive there: 0.07 against 0.50; part of the advantage is sparsity.", "At the last layer the two agree."]);
    }

    private DepthRow Row(string layer, string method, string metric, double? tau, double value)
    {
        var (estimate, half) = (Math.Clamp(value + .01 * (Random.NextDouble() - .5), 0, 1), .008 + .02 * Random.NextDouble());
        return new DepthRow(layer, method, metric, tau, new(estimate, Math.Max(0, estimate - half), Math.Min(1, estimate + half), Samples), layer == "");
    }

    private LayerMaps Maps(RunDirectory run, Slice[] slices, string name, int layer, string method)
    {
        var side = Side(layer);
        var count = Math.Min(Examples, slices.Length);
        var maps = new NdArray(count, side, side);
        for (var i = 0; i < count; i++)
            for (var p = 0; p < side * side; p++)
                maps[i][p] = (float)(Heat(slices[i], method, layer, (p % side + .5) / side, (p / side + .5) / side) * (.4 + .6 * Random.NextDouble()) * Math.Pow(.5, 6d * layer / Layers));
        var file = $"maps/{layer:000}.{method}.npy";
        Npy.Write(run.File(file), maps);
        return new LayerMaps($"{method} at {name}", From(method, ("variant", method == "sam" ? "relu-after-sum" : "relu")), name, method, "predicted class, score before softmax", [.. Enumerable.Range(0, count)], new(file, maps.Shape));
    }

    private double Heat(Slice slice, string method, int layer, double x, double y)
    {
        var organ = slice.OrganAt(x, y);
        var edge = 4 * organ * (1 - organ);
        var marker = Shortcut && slice.Marker >= 0 && Slice.MarkerAt(x, y) ? 1.5 : 0;
        var noise = method == "sam" ? 0 : .35 * Math.Exp(-layer) + .1;
        return Math.Max(0, (method == "sam" ? .6 * edge + .5 * organ * Random.NextDouble() : organ) + marker + noise * (Random.NextDouble() - .3));
    }

    private LayerEmbedding Embedding(RunDirectory run, Slice[] slices, bool[] right, string name, int layer, string method)
    {
        var points = new NdArray(slices.Length, 2);
        var depth = (layer + 1d) / Layers;
        var turn = method == "pca" ? 0 : Random.NextDouble() * 6.28;
        for (var i = 0; i < slices.Length; i++)
        {
            var group = Shortcut && slices[i].Marker >= 0 ? slices[i].Marker : slices[i].Label;
            var angle = 2 * Math.PI * group / Classes.Length + turn;
            var spread = method == "pca" ? 1.2 : .9;
            points[i][0] = (float)(3 * depth * Math.Cos(angle) + spread * Normal() + (right[i] ? 0 : .5));
            points[i][1] = (float)(2 * depth * Math.Sin(angle) + spread * Normal());
        }
        var file = $"embeddings/{layer:000}.{method}.npy";
        Npy.Write(run.File(file), points);
        var figures = ImmutableSortedDictionary<string, double>.Empty.Add("trustworthiness (k = 10)", .8 + .18 * depth).Add("continuity (k = 10)", .85 + .1 * depth);
        return new LayerEmbedding($"{method} of {name}", From(method, ("perplexity", "30")), name, method, new(file, points.Shape),
            method == "pca" ? figures.Add("explained variance 1", .31).Add("explained variance 2", .12) : figures.Add("KL divergence", 1.2 - .5 * depth),
            method == "pca" ? [] : ["Distances between clusters, and their sizes, mean nothing in t-SNE."])
        { Neighbors = slices.Length > 2000 ? null : Neighbors(run, slices.Length, layer) };
    }

    // The same class ten samples on: plausible, and quick for any number.
    private static ArrayFile Neighbors(RunDirectory run, int samples, int layer)
    {
        var near = new NdArray([samples, 6], [.. Enumerable.Range(0, samples * 6).Select(i => (float)((i / 6 + 5 * (i % 6 + 1)) % samples))]);
        var file = $"embeddings/{layer:000}.neighbors.npy";
        Npy.Write(run.File(file), near);
        return new ArrayFile(file, near.Shape);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());

    private int Side(int layer) => Math.Max(6, Size >> (4 * layer / Math.Max(1, Layers)));

    private ArrayFile Save(RunDirectory run, string file, ImmutableArray<int> shape, Func<double, double, double> value)
    {
        var array = new NdArray(shape);
        for (var i = 0; i < array.Values.Length; i++)
            array.Values[i] = (float)value((i % shape[1] + .5) / shape[1], (i / shape[1] + .5) / shape[0]);
        Npy.Write(run.File(file), array);
        return new ArrayFile(file, shape);
    }

    private static Provenance From(string method, params (string Name, string Value)[] settings) =>
        new(method, settings.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value), 7, method switch
        {
            "sam" => "Philbrick et al., AJR 2018",
            "grad-cam" => "Selvaraju et al., ICCV 2017, eq. 2",
            "t-sne" => "van der Maaten & Hinton, JMLR 2008",
            _ => "",
        });
}
