using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using ModelInspector.Activations;
using ModelInspector.Datasets.Phantom;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Findings;
using ModelInspector.Images;
using ModelInspector.Inspection;

namespace ModelInspector.Studies;

/// <summary>
/// How often the verdict finds a shortcut that was planted, by the mark's strength, size and place, and how often it raises a false alarm on networks
/// for which the same mark said nothing.
/// </summary>
/// <param name="Seeds">Networks trained for each mark, and as many without a shortcut for each mark.</param>
/// <param name="Patients">Training patients; each is scanned in five phases.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="HeldOut">Held-out patients; each is scanned in five phases.</param>
public sealed record PlantedShortcuts([Range(1, 1000)] int Seeds = 2, [Range(5, 100000)] int Patients = 60, [Range(1, 1000)] int Epochs = 14, [Range(2, 999)] int HeldOut = 20)
{
    /// <summary>The marks, varied one thing at a time.</summary>
    internal ImmutableArray<PlantedMark> Marks { get; init; } =
    [
        new(MarkPlace.UpperLeft, 6, 1), new(MarkPlace.UpperLeft, 6, 0.4), new(MarkPlace.UpperLeft, 6, 0.15), new(MarkPlace.UpperLeft, 2, 1), new(MarkPlace.LowerRight, 6, 1), new(MarkPlace.Back, 6, 1),
    ];

    /// <summary>Trains and inspects what is not there yet, and counts.</summary>
    /// <param name="folder">Where networks, data and runs are kept; an interrupted study goes on from there.</param>
    /// <param name="job">Seed of the patients; progress, cancellation.</param>
    public StudyResult Run(string folder, Job job)
    {
        var training = new StudyTraining(Patients, Epochs, job.Seed);
        var planted = Marks.Select(mark => (mark, cases: Cases(training, folder, mark, MarkerPolicy.Agreeing, Seeds, job))).ToList();
        var clean = Marks.Select(mark => (mark, cases: Cases(training, folder, mark, MarkerPolicy.Random, Seeds, job))).ToList();
        var all = planted.SelectMany(row => row.cases).ToList();
        var took = all.Where(one => one.Took).ToList();
        var alarms = clean.SelectMany(row => row.cases).ToList();
        return new("How often is a planted shortcut found?", From(job), [ByMark(planted, clean), ByFollowing(all)],
            [
                $"{Rate(took, Found)} networks that took a planted shortcut were found out (■); {Rate(took, one => Found(one) || Suspicious(one))} were at least called suspicious (▲).",
                $"The region that the verdict outlines touches the mark in {Rate(took, one => one.Touches)} of them.",
                $"False alarms (■) on networks for which the marks said nothing: {Rate(alarms, Found)}; suspicious: {Rate(alarms, Suspicious)}.",
                $"Of the networks that were trained with a telling mark, {Rate(all, one => !one.Took)} did not take it: they follow a mark that contradicts the image in at most half of the cases, because the organs tell the phase, too.",
                "In brackets: 95 % intervals (Clopper and Pearson), as if every network were drawn anew. The networks of one seed share their starting weights and, but for the marks, their images, so that sums over marks rest on fewer independent networks than they count, at worst on one a seed, and their intervals are too narrow. To show a false-alarm rate of at most 5 % takes 72 independent clean networks without any.",
            ]);
    }

    private List<Case> Cases(StudyTraining training, string folder, PlantedMark mark, MarkerPolicy policy, int networks, Job job)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Catalog.Kebab(mark.Place.ToString())}-side-{mark.Side}-strength-{mark.Strength}");
        var held = HeldOutCases.Draw(job.Seed, HeldOut, job, mark.Burn);
        var data = held.Write(Path.Combine(folder, "data", string.Create(CultureInfo.InvariantCulture, $"{name}-of-{HeldOut}-seed-{job.Seed}")), new OpenCvImageCodec());
        return [.. Enumerable.Range(1, networks).Select(seed =>
        {
            var network = training.Marked(folder, $"{name}-{Catalog.Kebab(policy.ToString())}-{seed}", (ulong)seed, policy, mark.Burn, held, job);
            var settings = Settings(held, job);
            return Known(network, settings) ?? Keep(network, Inspected(network, data, mark, held, job), settings);
        })];
    }

    // What was told of a network is kept beside it: an interrupted study goes on from there.
    private static Case? Known(TrainedNetwork network, string settings) =>
        File.Exists(Kept(network)) && File.GetLastWriteTimeUtc(Kept(network)) >= File.GetLastWriteTimeUtc(network.File)
        && File.ReadAllLines(Kept(network)) is [var known, var state, var followed, var touches] && known == settings
            ? new(Enum.Parse<VerdictState>(state), double.Parse(followed, CultureInfo.InvariantCulture), bool.Parse(touches)) : null;

    private static Case Keep(TrainedNetwork network, Case told, string settings)
    {
        File.WriteAllLines(Kept(network), [settings, told.State.ToString(), told.Followed.ToString("R", CultureInfo.InvariantCulture), told.Touches.ToString()]);
        return told;
    }

    /// <summary>Everything besides the network that a verdict of this study hangs on.</summary>
    internal string Settings(HeldOutCases held, Job job) => JsonSerializer.Serialize(new
    {
        Surroundings.Version,
        held.Sha256,
        job.Seed,
        Request = Request("", "", Layers) with { BetweenCheckpoints = default },
        Verdict = new ShortcutVerdict(),
        Regions = new SuspectRegions(),
    });

    /// <summary>Layers whose maps the verdict reads.</summary>
    internal string Layers { get; init; } = "stage1.relu2,stage2.relu2,stage3.relu2";

    private static string Kept(TrainedNetwork network) => Path.ChangeExtension(network.File, ".verdict.txt");

    private Case Inspected(TrainedNetwork network, string data, PlantedMark mark, HeldOutCases held, Job job)
    {
        var folder = Path.GetDirectoryName(network.File)!;
        File.WriteAllText(Path.Combine(folder, "model.json"), $$"""{ "size": {{PhantomImage.Size}}, "channels": "grey", "range": [0, 1], "classes": [{{string.Join(", ", PhantomImage.Classes.Select(name => $"\"{name}\""))}}] }""");
        var run = new RunDirectory(Path.Combine(folder, "run"));
        var findings = Inspection.Inspection.Run(Request(network.File, data, Layers), run, job);
        var (verdict, table) = (findings.OfType<Verdict>().Single(), findings.OfType<SampleTable>().Single());
        var contradicted = held.Images.Index().Where(image => image.Item.MarkerState == MarkerState.Contradicts).ToList();
        return new(verdict.State, contradicted.Count(image => table.Predicted[image.Index] == (int)image.Item.Marker!) / Math.Max(1.0, contradicted.Count), Touches(verdict, run, mark));
    }

    private static InspectionRequest Request(string model, string data, string layers) => new(model, data)
    {
        Layers = layers,
        Embeddings = [],
        LastLayerEmbeddings = [],
        UnitEmbeddings = [],
        Clusterings = [],
        Separability = false,
        Examples = 0,
        UnitCards = 0,
    };

    private static bool Touches(Verdict verdict, RunDirectory run, PlantedMark mark) =>
        verdict.Region is { } region && Npy.Read(run.File(region.File)).Values.Index().Any(place => place.Item > 0 && mark.Covers(place.Index / PhantomImage.Size, place.Index % PhantomImage.Size));

    private static StudyTable ByMark(List<(PlantedMark Mark, List<Case> Cases)> planted, List<(PlantedMark Mark, List<Case> Cases)> clean) => new(
        "By mark",
        "A network took the shortcut if it follows a mark that contradicts the image more often than not; found (■), suspicious (▲) and right region count those. Followed: mean share of contradicted images that are told as the mark says.",
        ["mark", "side", "strength", "planted networks", "followed", "took it", "found (■)", "suspicious (▲)", "right region", "clean networks", "false alarms (■)", "suspicious (▲)"],
        [
            .. planted.Zip(clean, (one, other) => (one.Mark, one.Cases, Took: one.Cases.Where(network => network.Took).ToList(), Clean: other.Cases)).Select(row => (ImmutableArray<string>)
            [
                Catalog.Kebab(row.Mark.Place.ToString()), Text(row.Mark.Side), row.Mark.Strength.ToString(CultureInfo.InvariantCulture), Text(row.Cases.Count),
                Followed(row.Cases), Text(row.Took.Count), Rate(row.Took, Found), Text(row.Took.Count(Suspicious)), Text(row.Took.Count(network => network.Touches)),
                Text(row.Clean.Count), Rate(row.Clean, Found), Text(row.Clean.Count(Suspicious)),
            ]),
        ]);

    // Whether a shortcut counts as taken is a matter of degree.
    private static StudyTable ByFollowing(List<Case> planted) => new(
        "By how far the mark is followed",
        "All networks that were trained with a telling mark, whatever the mark.",
        ["follows a contradicting mark in", "networks", "found (■)", "suspicious (▲)", "none found (●)", "cannot tell (?)"],
        [
            .. Steps.Zip(Steps.Skip(1), (from, to) => (from, to, cases: planted.Where(one => Within(one.Followed, from, to)).ToList()))
                .Where(row => row.cases.Count > 0).Select(row => (ImmutableArray<string>)
                [
                    string.Create(CultureInfo.InvariantCulture, $"{(row.from > 0 ? "over " : "")}{100 * row.from:0} to {100 * row.to:0} %"), Text(row.cases.Count), Rate(row.cases, Found), Text(row.cases.Count(Suspicious)),
                    Text(row.cases.Count(one => one.State == VerdictState.NoneFound)), Text(row.cases.Count(one => one.State == VerdictState.CannotTell)),
                ]),
        ]);

    private static readonly double[] Steps = [0, 0.1, 0.25, 0.5, 0.75, 1];

    /// <summary>The upper end counts in, as in what it means to take a shortcut: half of the cases is not yet more often than not.</summary>
    internal static bool Within(double followed, double from, double to) => (followed > from || from == 0) && followed <= to;

    private static bool Found(Case one) => one.State == VerdictState.ShortcutFound;

    private static bool Suspicious(Case one) => one.State == VerdictState.Suspicious;

    private static string Followed(List<Case> cases) => cases.Average(network => network.Followed).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Rate(List<Case> cases, Func<Case, bool> which)
    {
        var (hits, of) = (cases.Count(which), cases.Count);
        return of == 0 ? "0 of 0" : string.Create(CultureInfo.InvariantCulture, $"{hits} of {of} [{100 * Beta(hits, of, lower: true):0} to {100 * Beta(hits, of, lower: false):0} %]");
    }

    // The bound at which the tail of the binomial distribution has 2.5 %, by bisection.
    internal static double Beta(int hits, int of, bool lower)
    {
        if (lower ? hits == 0 : hits == of) return lower ? 0 : 1;
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 60; step++)
        {
            var p = (low + high) / 2;
            var tail = lower ? Enumerable.Range(hits, of - hits + 1).Sum(k => Binomial(k, of, p)) : Enumerable.Range(0, hits + 1).Sum(k => Binomial(k, of, p));
            if (tail < 0.025 == lower) low = p;
            else high = p;
        }
        return (low + high) / 2;
    }

    private static double Binomial(int k, int n, double p)
    {
        var value = 1.0;
        for (var i = 1; i <= k; i++) value *= (double)(n - k + i) / i;
        return value * Math.Pow(p, k) * Math.Pow(1 - p, n - k);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Provenance From(Job job) => new(
        "study-planted-shortcuts",
        new Dictionary<string, string> { ["seeds"] = Text(Seeds), ["training patients"] = Text(Patients), ["epochs"] = Text(Epochs), ["held-out patients"] = Text(HeldOut) }.ToImmutableSortedDictionary(),
        job.Seed, "DeGrave, Janizek and Lee, Nature Machine Intelligence 2021 (the question)");

    /// <summary>One inspected network.</summary>
    private sealed record Case(VerdictState State, double Followed, bool Touches)
    {
        public bool Took => Followed > 0.5;
    }
}
