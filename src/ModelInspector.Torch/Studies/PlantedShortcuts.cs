using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Datasets.Phantom;
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
public sealed record PlantedShortcuts([Range(1, 1000)] int Seeds = 2, [Range(2, 100000)] int Patients = 60, [Range(1, 1000)] int Epochs = 14, [Range(2, 999)] int HeldOut = 20)
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
        var planted = Marks.Select(mark => (mark, cases: Cases(training, folder, mark, MarkerPolicy.Agreeing, job))).ToList();
        var clean = Marks.Select(mark => (mark, cases: Cases(training, folder, mark, MarkerPolicy.Random, job))).ToList();
        var took = planted.SelectMany(row => row.cases).Where(one => one.Took).ToList();
        var alarms = clean.SelectMany(row => row.cases).ToList();
        return new("How often is a planted shortcut found?", From(job), [Table(planted, clean)],
            [
                $"{Share(took, one => one.State == VerdictState.ShortcutFound)} networks that took a planted shortcut were found out (■); {Share(took, one => one.State is VerdictState.ShortcutFound or VerdictState.Suspicious)} were at least called suspicious (▲).",
                $"The region that was replaced first touches the mark in {Share(took, one => one.Touches)} of them.",
                $"False alarms (■) on networks for which the marks said nothing: {Share(alarms, one => one.State == VerdictState.ShortcutFound)}; suspicious: {Share(alarms, one => one.State == VerdictState.Suspicious)}.",
                Certainty(took.Count(one => one.State == VerdictState.ShortcutFound), took.Count, alarms.Count(one => one.State == VerdictState.ShortcutFound), alarms.Count),
            ]);
    }

    private List<Case> Cases(StudyTraining training, string folder, PlantedMark mark, MarkerPolicy policy, Job job)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Catalog.Kebab(mark.Place.ToString())}-side-{mark.Side}-strength-{mark.Strength}");
        var held = HeldOutCases.Draw(job.Seed, HeldOut, job, mark.Burn);
        var data = held.Write(Path.Combine(folder, "data", string.Create(CultureInfo.InvariantCulture, $"{name}-of-{HeldOut}-seed-{job.Seed}")), new OpenCvImageCodec());
        return [.. Enumerable.Range(1, Seeds).Select(seed =>
        {
            var network = training.Marked(folder, $"{name}-{Catalog.Kebab(policy.ToString())}-{seed}", (ulong)seed, policy, mark.Burn, held, job);
            return Inspected(network, data, mark, held, job);
        })];
    }

    private static Case Inspected(TrainedNetwork network, string data, PlantedMark mark, HeldOutCases held, Job job)
    {
        var folder = Path.GetDirectoryName(network.File)!;
        File.WriteAllText(Path.Combine(folder, "model.json"), $$"""{ "size": {{PhantomImage.Size}}, "channels": "grey", "range": [0, 1], "classes": [{{string.Join(", ", PhantomImage.Classes.Select(name => $"\"{name}\""))}}] }""");
        var request = new InspectionRequest(network.File, data)
        {
            Layers = "stage1.relu2,stage2.relu2,stage3.relu2",
            Embeddings = [],
            LastLayerEmbeddings = [],
            UnitEmbeddings = [],
            Clusterings = [],
            Separability = false,
            Examples = 0,
            UnitCards = 0,
        };
        var run = new RunDirectory(Path.Combine(folder, "run"));
        var findings = Inspection.Inspection.Run(request, run, job);
        var (verdict, table) = (findings.OfType<Verdict>().Single(), findings.OfType<SampleTable>().Single());
        var contradicted = held.Images.Index().Where(image => image.Item.MarkerState == MarkerState.Contradicts).ToList();
        return new(verdict.State, contradicted.Count(image => table.Predicted[image.Index] == (int)image.Item.Marker!) / Math.Max(1.0, contradicted.Count), Touches(verdict, run, mark));
    }

    private static bool Touches(Verdict verdict, RunDirectory run, PlantedMark mark) =>
        verdict.Region is { } region && Npy.Read(run.File(region.File)).Values.Index().Any(place => place.Item > 0 && mark.Covers(place.Index / PhantomImage.Size, place.Index % PhantomImage.Size));

    private static StudyTable Table(List<(PlantedMark Mark, List<Case> Cases)> planted, List<(PlantedMark Mark, List<Case> Cases)> clean) => new(
        "By mark",
        "A network took the shortcut if it follows a mark that contradicts the image more often than not. Counts of networks. Followed: mean share of contradicted images that are told as the mark says.",
        ["mark", "side", "strength", "planted networks", "took it", "followed", "found (■)", "suspicious (▲)", "right region", "clean networks", "false alarms (■)", "suspicious (▲)"],
        [
            .. planted.Zip(clean, (one, other) => (ImmutableArray<string>)
            [
                Catalog.Kebab(one.Mark.Place.ToString()), Text(one.Mark.Side), one.Mark.Strength.ToString(CultureInfo.InvariantCulture), Text(one.Cases.Count), Text(one.Cases.Count(network => network.Took)),
                one.Cases.Average(network => network.Followed).ToString("0.00", CultureInfo.InvariantCulture), Count(one.Cases.Where(network => network.Took), VerdictState.ShortcutFound), Count(one.Cases.Where(network => network.Took), VerdictState.Suspicious),
                Text(one.Cases.Count(network => network is { Took: true, Touches: true })), Text(other.Cases.Count), Count(other.Cases, VerdictState.ShortcutFound), Count(other.Cases, VerdictState.Suspicious),
            ]),
        ]);

    private static string Certainty(int found, int took, int alarms, int clean)
    {
        string Bounds(int hits, int of) => of == 0 ? "nothing can be said" : string.Create(CultureInfo.InvariantCulture, $"{100 * Beta(hits, of, lower: true):0} % to {100 * Beta(hits, of, lower: false):0} %");
        return $"With so many networks the 95 % intervals (Clopper and Pearson) are wide: detection {Bounds(found, took)}, false alarms {Bounds(alarms, clean)}. More seeds make them narrower; to show a false-alarm rate of at most 5 % takes 72 clean networks without any.";
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

    private static string Count(IEnumerable<Case> cases, VerdictState state) => Text(cases.Count(one => one.State == state));

    private static string Share(List<Case> cases, Func<Case, bool> which) => $"{cases.Count(which)} of {cases.Count}";

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
