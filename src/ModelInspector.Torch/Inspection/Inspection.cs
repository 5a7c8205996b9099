using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Inspection.Cards;
using ModelInspector.Numerics;
using TorchSharp;

namespace ModelInspector.Inspection;

/// <summary>
/// The whole path: model and samples in, findings out, with the arrays and images they name beside them in the run's folder.
/// </summary>
public static class Inspection
{
    /// <summary>Inspects and writes <c>run.json</c>, <c>findings.json</c>, tables and arrays; the page is written by the report.</summary>
    /// <exception cref="InputException">The model or the data are not usable.</exception>
    public static ImmutableArray<Finding> Run(InspectionRequest request, RunDirectory run, Job job)
    {
        torch.manual_seed((long)job.Seed);
        using var subject = Subject.Open(request);
        var started = DateTime.UtcNow;
        var journal = Journal.Open(run, Key(request, subject, job.Seed));
        var findings = new Work(request, subject, run, journal, job).Findings();
        run.Write(Record(request, subject, started, job.Seed));
        run.Write(findings);
        Tables.Write(run, findings);
        journal.Close();
        return findings;
    }

    // Not the command: it may be another spelling of the same.
    private static string Key(InspectionRequest request, Subject subject, ulong seed) => JsonSerializer.Serialize(new
    {
        Program = typeof(Inspection).Module.ModuleVersionId,
        Model = subject.Model.Graph.Sha256,
        Data = subject.Samples.Sha256,
        subject.LayerNames,
        Request = request with { Command = "", BetweenCheckpoints = default },
        seed,
    });

    private static RunRecord Record(InspectionRequest request, Subject subject, DateTime started, ulong seed) => new(
        "modelinspector/run/1",
        Surroundings.Version,
        request.Command, request.Model, subject.Model.Graph.Sha256, request.Data, subject.Samples.Sha256, seed, started,
        new Dictionary<string, string>
        {
            ["layers"] = string.Join(", ", subject.LayerNames),
            ["maps"] = string.Join(", ", request.Maps),
            ["embeddings"] = string.Join(", ", request.Embeddings),
            ["embeddings of the last layer"] = string.Join(", ", request.LastLayerEmbeddings),
            ["embeddings of units"] = string.Join(", ", request.UnitEmbeddings),
            ["clusterings of the last layer"] = string.Join(", ", request.Clusterings),
            ["autoencoder of the images"] = request.ImageCoder ? "convolutional-autoencoder" : "",
            ["positions"] = Catalog.Kebab(request.Pooling.ToString()),
            ["batch"] = $"{subject.Model.Graph.BatchOf(request.Batch)}",
            ["device"] = request.Device,
        }.ToImmutableSortedDictionary(),
        Surroundings.Versions);

    /// <summary>The stages of one run, in order.</summary>
    private sealed record Work(InspectionRequest Request, Subject Subject, RunDirectory Run, Journal Journal, Job Job)
    {
        private readonly Stages stages = new();

        public ImmutableArray<Finding> Findings()
        {
            var maps = Request.Maps.Select(name => (name, entry: Catalog.Find(Catalog.Of<ILayerMap>(), name)))
                .Select(map => (map.name, map.entry, built: map.entry.Create<ILayerMap>(ImmutableDictionary<string, string>.Empty))).ToImmutableArray();
            var pass = stages.Time("attribution", () => new AttributionPass(Subject, Request, [.. maps.Select(map => (map.name, map.built))], Split)
                .Run(Run.File("activations"), Journal.Checkpoint("attribution"), Job));
            var table = (SampleTable)Kept("pictures", () => [Samples(pass)])[0];
            var drawn = Kept("examples", () => ExampleMaps.Of(Subject, Run, maps, [.. table.Examples.Select(example => example.Sample)], Request.Batch, Job));
            var cards = Kept("cards", () => new CardStage(Subject, Run, Request).Of(table, Job));
            var depth = Depth(pass);
            var sanity = Kept("sanity check", () => new SanityStage(Subject, Request).Of(Job)).OfType<ParameterRandomisationByLayer>().ToImmutableArray();
            var agreement = Kept("agreement of methods", () => new AgreementStage(Subject, Request).Of([.. maps.Select(map => (map.name, map.built))], Job)).OfType<MapSimilarity>().ToImmutableArray();
            var verdict = Kept("interventions", () => [new VerdictStage(Subject, Run, Request, Split, sanity, agreement).Of(pass, table, Job)]);
            var embedded = stages.Time("embeddings", () => new EmbeddingStage(Run, Journal, Request.Embeddings, Request.LastLayerEmbeddings, Labelled(table)).Of(pass.Store, Job).ToList());
            var separated = Request.Separability ? Kept("separability", () => new SeparabilityStage(table, Grouping.Units).Of(pass.Store, Job)) : [];
            var units = stages.Time("units", () => new UnitStage(Run, Journal, Request.UnitEmbeddings, Labelled(table)).Of(pass.Store, Job).ToList());
            var clusters = stages.Time("clusters", () => new ClusterStage(Journal, Request.Clusterings, Labelled(table)).Of(pass.Store, Job).ToList());
            var images = Request.ImageCoder ? stages.Time("image coder", () => new ImageCoderStage(Subject, Run, Journal).Of(Job).ToList()) : [];
            return
            [
                .. verdict, Model(), table, .. depth is null ? [] : new[] { depth }, .. separated, .. sanity, .. agreement, .. drawn, .. cards,
                .. embedded, .. units, .. clusters, .. images, Limits(table),
            ];
        }

        private ImmutableArray<Finding> Kept(string stage, Func<IEnumerable<Finding>> work) => stages.Time(stage, () => Journal.Keep(stage, work));

        private ImmutableArray<int> Split { get; } = Halves.Of(Subject.Count, Subject.Units(Request.GroupColumn).Of, Job.Seed);

        // Colouring by prediction still says something where nobody gave labels.
        private static ImmutableArray<int> Labelled(SampleTable table) => table.Labels.Any(label => label >= 0) ? table.Labels : table.Predicted;

        private ModelSummary Model() => new(
            Subject.Model.Graph.Name, Provenance.Of("layers"), Subject.Model.Graph, Subject.LayerNames);

        private SampleTable Samples(PassResult pass)
        {
            var data = Subject.Samples.Data;
            var gallery = new Gallery(Run, Subject.Samples);
            var known = new SampleTable(
                $"{data.Samples.Length} samples", Provenance.Of("predict", Job.Seed),
                [.. data.Samples.Select(sample => sample.Id)], Classes(data.Classes, pass.Predicted), Labels(pass), pass.Predicted, pass.Confidence, data.Columns);
            var table = pass.IsOneNumber ? known with { Classes = [], Confidence = [.. pass.Confidence.Select(_ => float.NaN)], Columns = [.. Numbers(pass), .. data.Columns] } : known;
            return table with
            {
                Thumbnails = gallery.Thumbnails(Job),
                Examples = gallery.Examples(ExampleChoice.Of(table.Labels, table.Predicted, Request.Examples, Job.Seed)),
            };
        }

        // What is right or wrong about a number, a class cannot tell.
        private ImmutableArray<int> Labels(PassResult pass) => [.. Subject.Samples.Data.Samples.Select(sample => pass.IsOneNumber ? -1 : sample.Label)];

        private IEnumerable<SampleColumn> Numbers(PassResult pass)
        {
            yield return new("output", [.. pass.Confidence.Select(value => value.ToString("G6", CultureInfo.InvariantCulture))]);
            if (Subject.Samples.Data is { Classes: [_, ..] names } data)
                yield return new("label", [.. data.Samples.Select(sample => sample.Label < 0 ? "" : names[sample.Label])]);
        }

        // A network may have more classes than anybody named.
        private static ImmutableArray<string> Classes(ImmutableArray<string> named, ImmutableArray<int> predicted) =>
            [.. named, .. Enumerable.Range(named.Length, Math.Max(0, predicted.Max() + 1 - named.Length)).Select(index => $"class {index}")];

        // What intervals resample, and what must not vote for its own.
        private (ImmutableArray<string> Units, string Name) Grouping => Subject.Units(Request.GroupColumn);

        private SpecificityByDepth? Depth(PassResult pass)
        {
            if (Subject.Samples.Data.MaskCount == 0) return null;
            var (units, name) = Grouping;
            return pass.Table.Finish("Specificity by depth", new Bootstrap(), units, name);
        }

        private DataAndLimits Limits(SampleTable table) => new(
            "Data and limits", Provenance.Of("inspect", Job.Seed), Subject.Count, Subject.Samples.Data.MaskCount,
            Subject.Samples.Data.Array is null ? Subject.Samples.Preprocessing.Steps() : ["array taken as it is"],
            Subject.Samples.Data.Skipped,
            [
                .. Subject.Samples.Preprocessing.Notes, .. Subject.Samples.Data.Notes, .. Subject.Model.Graph.Notes,
                .. table.Examples.Length < Subject.Count
                    ? new[] { $"Maps are shown for {table.Examples.Length} of {Subject.Count} samples, every class in turn, up to half of them wrong predictions; statistics use all." } : [],
                .. table.Predicted.All(predicted => predicted < 0)
                    ? ImmutableArray.Create("The network gives one number a sample and no classes: nothing is right or wrong here; labels and the number stand as columns.") : [],
                LayerSpace.Sentence(Request.Pooling),
                .. Journal.Notes,
            ],
            stages.Times);
    }
}
