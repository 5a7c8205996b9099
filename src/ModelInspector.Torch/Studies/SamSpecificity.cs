using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ModelInspector.Evaluation;
using ModelInspector.Findings;

namespace ModelInspector.Studies;

/// <summary>
/// Whether saliency activation maps (SAM) are more specific than Grad-CAM and others, and where: on phantoms whose causal positions are known, over
/// trained seeds and architectures, at every layer.
/// </summary>
/// <param name="Seeds">Networks trained for each architecture.</param>
/// <param name="Patients">Training patients; each is scanned in five phases.</param>
/// <param name="Epochs">Passes over the training images.</param>
/// <param name="HeldOut">Held-out patients; each is scanned in five phases.</param>
public sealed record SamSpecificity([Range(1, 1000)] int Seeds = 3, [Range(5, 100000)] int Patients = 60, [Range(1, 1000)] int Epochs = 14, [Range(2, 999)] int HeldOut = 15)
{
    /// <summary>Trains what is not there yet, measures, and says what was found.</summary>
    /// <param name="folder">Where networks and their scores are kept; an interrupted study goes on from there.</param>
    /// <param name="job">Seed of the patients and of the intervals; progress, cancellation.</param>
    public StudyResult Run(string folder, Job job)
    {
        var held = HeldOutCases.Draw(job.Seed, HeldOut, job);
        var training = new StudyTraining(Patients, Epochs, job.Seed);
        // As many draws as it takes for a p-value to survive the correction for all comparisons.
        var draws = new Bootstrap(20_000).Crossed(Seeds, held.Patients, held.Count, job.Seed);
        var networks = Enum.GetValues<Architecture>().SelectMany(architecture => Enumerable.Range(1, Seeds)
            .Select(seed => training.Network(folder, architecture, (ulong)seed, shuffled: false, held, job))).ToList();
        var scores = networks.GroupBy(network => network.Architecture)
            .Select(group => new SeedScores(group.Key, [.. group.Select(network => NetworkScores.Of(network, held, job))], draws)).ToList();
        var likeness = new SeedLikeness(held, job).Table(networks, training.Network(folder, Architecture.PooledHead, 1, shuffled: true, held, job));
        var sanity = new SeedLikeness(held, job).Sanity([.. networks.Where(network => network.Seed == 1)]);
        var report = new SamSpecificityTables(scores);
        return new("Are saliency activation maps more specific than Grad-CAM?", From(job),
            [Networks(networks), .. report.Tables(), likeness, sanity.Table], [.. report.Sentences(), .. sanity.Sentences]);
    }

    private Provenance From(Job job) => new(
        "study-sam-specificity",
        new Dictionary<string, string>
        {
            ["seeds"] = Text(Seeds),
            ["training patients"] = Text(Patients),
            ["epochs"] = Text(Epochs),
            ["held-out patients"] = Text(HeldOut),
        }.ToImmutableSortedDictionary(),
        job.Seed,
        "Philbrick et al., AJR 2018 (the claim); Owen, Annals of Applied Statistics 2007 (intervals); Holm, Scandinavian Journal of Statistics 1979 (correction)");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static StudyTable Networks(IEnumerable<TrainedNetwork> networks) => new(
        "The networks", "Share of held-out images told right; chance is 0.2.", ["architecture", "seed", "accuracy"],
        [.. networks.Select(network => (ImmutableArray<string>)[Catalog.Kebab(network.Architecture.ToString()), network.Seed.ToString(CultureInfo.InvariantCulture), Interval.Number(network.Accuracy)])]);
}
