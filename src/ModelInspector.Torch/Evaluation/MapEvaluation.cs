using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Evaluation.Complexity;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>
/// Scores maps of any kind at any layers: against masks, for their complexity, and on request for faithfulness, stability and sanity. Maps are scored batch by
/// batch and dropped. Every few seconds it is written down how far the scores got; the same evaluation begun again goes on from there.
/// </summary>
public static class MapEvaluation
{
    private static readonly ImmutableArray<(string Name, IMetric<NdArray> Metric)> OfMaps =
        [("gini-sparseness", new GiniSparseness()), ("effective-share", new EffectiveShare())];

    /// <summary>Evaluates and writes <c>run.json</c>, <c>findings.json</c> and the tables.</summary>
    /// <exception cref="InputException">The model, the data, a layer or a method is not usable.</exception>
    public static ImmutableArray<Finding> Run(EvaluationRequest request, RunDirectory run, Job job)
    {
        using var subject = Subject.Open(request.Subject);
        var started = DateTime.UtcNow;
        var work = new Work(request, subject, MapPlan.Of(subject.Layers, request.Methods), job);
        run.File("findings.json");
        work.Require();
        var journal = Journal.Open(run, Key(request, subject, job.Seed));
        var findings = work.Findings(journal);
        run.Write(Record(request, subject, started, job.Seed));
        run.Write(findings);
        Tables.Write(run, findings);
        run.Save("scores.csv", string.Join('\n', work.Csv().Append("")));
        if (request.Faithfulness is not null) run.Save("information.csv", string.Join('\n', work.InformationCsv().Append("")));
        journal.Close();
        return findings;
    }

    // Not the command: it may be another spelling of the same.
    private static string Key(EvaluationRequest request, Subject subject, ulong seed) => JsonSerializer.Serialize(new
    {
        Program = typeof(MapEvaluation).Module.ModuleVersionId,
        Model = subject.Model.Graph.Sha256,
        Data = subject.Samples.Sha256,
        subject.LayerNames,
        Subject = request.Subject with { Command = "", BetweenCheckpoints = default },
        request.Methods,
        request.By,
        Scores = $"{request.Faithfulness} {request.Stability} {string.Join(", ", request.Sanity)}",
        request.CostlySamples,
        request.SanitySamples,
        seed,
    });

    private static RunRecord Record(EvaluationRequest request, Subject subject, DateTime started, ulong seed) => new(
        "modelinspector/run/1",
        Surroundings.Version,
        request.Subject.Command, request.Subject.Model, subject.Model.Graph.Sha256, request.Subject.Data, subject.Samples.Sha256, seed, started,
        new Dictionary<string, string>
        {
            ["layers"] = string.Join(", ", subject.LayerNames),
            ["methods"] = string.Join(", ", request.Methods),
            ["by"] = string.Join(", ", request.By),
            ["faithfulness"] = $"{request.Faithfulness}",
            ["stability"] = $"{request.Stability}",
            ["sanity"] = string.Join(", ", request.Sanity),
            ["samples of costly scores"] = request.CostlySamples.ToString(CultureInfo.InvariantCulture),
            ["samples of sanity checks"] = request.SanitySamples.ToString(CultureInfo.InvariantCulture),
            ["batch"] = $"{subject.Model.Graph.BatchOf(request.Subject.Batch)}",
            ["device"] = request.Subject.Device,
        }.ToImmutableSortedDictionary(),
        Surroundings.Versions);

    /// <summary>The stages of one evaluation, in order.</summary>
    private sealed record Work(EvaluationRequest Request, Subject Subject, MapPlan Plan, Job Job)
    {
        private readonly Stages stages = new();
        private readonly EvaluationState state = new(new(Plan.Places, [.. Plan.Methods.Select(method => method.Name)], Subject.Count, Job.Seed), Subject.Count);
        private readonly Stopwatch sinceSaved = Stopwatch.StartNew();

        /// <summary>Refuses what cannot be scored while nothing has been computed yet but the answer to one sample.</summary>
        public void Require()
        {
            if (Subject.Samples.Data.MaskCount == 0 && Request is { Faithfulness: null, Stability: null, Sanity: [] }) throw new InputException(
                $"{Request.Subject.Data} has no masks, so nothing can be scored against them. Name them in the CSV's column `mask`, give their folder with --masks DIR, or ask for --faithfulness, --stability or --sanity.");
            Columns();
            RequirePositions();
            using var scope = NewDisposeScope();
            var one = new Answers(Subject.Model, new ClassTarget(0), 1, Request.Subject.Device).Stacked([Subject.Samples.Load(0).Input]);
            var scores = Asked(one);
            if (Request.Faithfulness is not null) Answers.Require(Subject.Model, scores);
            foreach (var check in Request.Sanity) check.Require(Subject.Model, scores);
        }

        // Scores of sanity compare maps with each other; all others lay them over the image.
        private void RequirePositions()
        {
            if (Subject.Samples.Data.MaskCount == 0 && Request is { Faithfulness: null, Stability: null }) return;
            if (Plan.Layers.FirstOrDefault(layer => Plan.Places.Contains(layer.Name) && layer.Output.Length == 2) is { } flat) throw new InputException(
                $"Layer `{flat.Name}` gives {flat.Output[1]} values without positions, so its maps cannot be laid over an image. Choose others with --layers: `modelinspector layers {Request.Subject.Model}` lists them with their shapes.");
        }

        private Tensor Asked(Tensor batch)
        {
            using var quiet = no_grad();
            return Scores.Of(Subject.Model, batch);
        }

        public ImmutableArray<Finding> Findings(Journal journal)
        {
            var (columns, table, checkpoint) = (Columns(), state.Table, journal.Checkpoint("scores"));
            Checkpoint.Read(checkpoint, state.Load);
            stages.Time("maps", () => Maps(checkpoint));
            if (Request.Faithfulness is not null || Request.Stability is not null) stages.Time("faithfulness and stability", () => Costly(checkpoint));
            var sanity = stages.Time("sanity checks", () => Sanity(journal));
            var depth = stages.Time("intervals", () => table.Finish("Maps by depth", new Bootstrap(), Units, UnitName));
            var league = new League().Of(table, new Bootstrap(), Units, Subject.Count, Job.Seed);
            var groups = new GroupScores().Of(table, [.. columns.Select(column => column())], new Bootstrap(), Units, Job.Seed);
            return [Model(), Samples(), depth, league, .. groups.Rows.IsEmpty && groups.Sentences.IsEmpty ? [] : new Finding[] { groups }, .. sanity, Limits(journal)];
        }

        public IEnumerable<string> Csv() => state.Table.Csv([.. Subject.Samples.Data.Samples.Select(sample => sample.Id)]);

        public IEnumerable<string> InformationCsv() => state.Information.Csv();

        private ImmutableArray<string> Units => Subject.Units(Request.Subject.GroupColumn).Of;

        private string UnitName => Subject.Units(Request.Subject.GroupColumn).Name;

        private bool Maps(string checkpoint)
        {
            foreach (var (read, input) in Batches.For(Subject.Samples, Subject.Model.Graph, Request.Subject.Batch, Request.Subject.Device, state.Drawn))
            {
                using var scope = NewDisposeScope();
                Note(read.First, input);
                NdArray?[] masks = [.. read.Samples.Select(sample => sample.Mask)];
                if (read.Samples.All(sample => sample.Frame is not null)) state.Table.AddControls(read.First, masks, [.. read.Samples.Select(sample => sample.Frame!.Intensity())]);
                Plan.Draw(Subject.Model, input, Predicted(read.First, read.Samples.Length), Job, map => Score(read.First, masks, map));
                state.Drawn = read.First + read.Samples.Length;
                Save(checkpoint, state.Drawn == Subject.Count);
                Job.Report("maps", state.Drawn, Subject.Count);
            }
            return true;
        }

        private void Save(string checkpoint, bool isLast)
        {
            if (!isLast && sinceSaved.Elapsed <= Request.Subject.BetweenCheckpoints) return;
            Checkpoint.Write(checkpoint, state.Save);
            sinceSaved.Restart();
        }

        // The class is known by now, so that no method asks the network for it again.
        private ClassTarget Predicted(int first, int count) => new([.. state.Predicted.AsSpan(first, count).ToArray().Select(index => (long)index)]);

        private void Score(int first, NdArray?[] masks, DrawnMap drawn)
        {
            var maps = new StoredMap(drawn.Layer, drawn.Method, Batches.ToArray(drawn.Map));
            state.Table.Add(maps.Layer, maps.Method, first, maps.Maps, masks);
            for (var image = 0; image < maps.Samples; image++)
                foreach (var (name, metric) in OfMaps) state.Table.Add(maps.Layer, maps.Method, name, first + image, metric.Measure(maps.Of(image), Job));
        }

        private void Note(int first, Tensor input)
        {
            using var quiet = no_grad();
            var (top, index) = Scores.Decided(Subject.Model.Graph, Scores.Of(Subject.Model, input));
            top.cpu().data<float>().CopyTo(state.Confidence, first);
            foreach (var (i, value) in index.cpu().data<long>().Index()) state.Predicted[first + i] = (int)value;
        }

        private bool Costly(string checkpoint)
        {
            var samples = Chosen(Request.CostlySamples, 0xC057);
            foreach (var sample in samples[state.Answered..])
            {
                One(sample);
                Save(checkpoint, ++state.Answered == samples.Length);
                Job.Report("faithfulness and stability", state.Answered, samples.Length);
            }
            return true;
        }

        private void One(int sample)
        {
            using var scope = NewDisposeScope();
            var (input, job) = (Subject.Samples.Load(sample).Input, Job with { Seed = Job.Seed + (ulong)sample });
            var network = new Answers(Subject.Model, new ClassTarget(state.Predicted[sample]), Request.Subject.Batch, Request.Subject.Device);
            var maps = DrawnMaps.Of(Subject.Model, network.Stacked([input]), Plan, network.Target, job);
            var scores = (Request.Faithfulness?.Measure(network, input, maps, job, (map, curves) => state.Information.Add(map.Layer, map.Method, curves)) ?? []).Concat(Request.Stability?.Measure(Subject.Model, network, input, Plan, maps, job) ?? []);
            foreach (var (map, metric, score) in scores) state.Table.Add(map.Layer, map.Method, metric, sample, score);
        }

        private ImmutableArray<Finding> Sanity(Journal journal)
        {
            if (Request.Sanity.IsEmpty) return [];
            var samples = Chosen(Subject.Model.Graph.BatchOf(Request.SanitySamples), 0x5A17);
            using var batch = Batch(samples);
            var target = new ClassTarget([.. samples.Select(sample => (long)state.Predicted[sample])]);
            return [.. Request.Sanity.Index().SelectMany(check => journal.Keep($"sanity-{check.Index}", () =>
                [check.Item.Check(Subject.Model, batch, Plan, target, [.. Units.IsEmpty ? [] : samples.Select(sample => Units[sample])], Job)]))];
        }

        private Tensor Batch(int[] samples)
        {
            using var scope = NewDisposeScope();
            return stack([.. samples.Select(sample => Batches.ToTensor(Subject.Samples.Load(sample).Input, Request.Subject.Device))], 0).MoveToOuterDisposeScope();
        }

        private int[] Chosen(int most, ulong stream) => [.. new Randomness(Job.Seed, stream).Choose(Subject.Count, Math.Min(most, Subject.Count)).Order()];

        // Looked up before anything is computed, so that a wrong name is told at once; read when predictions are known.
        private List<Func<SampleColumn>> Columns() => [.. Request.By.Where(name => name != "label" || Subject.Samples.Data.Samples.Any(sample => sample.Label >= 0)).Select(Column)];

        private Func<SampleColumn> Column(string name)
        {
            var data = Subject.Samples.Data;
            if (name == "label") return () => new(name, [.. data.Samples.Select(sample => Class(sample.Label))]);
            if (name == "predicted") return () => new(name, [.. state.Predicted.Select(Class)]);
            var values = data.Column(name) ?? throw new InputException(
                $"{data.Path} has no column `{name}` to group by. It has: {string.Join(", ", data.Columns.Select(column => column.Name).Prepend("predicted").Prepend("label"))}.");
            return () => new(name, values);
        }

        private string Class(int index) => index < 0 ? "" : index < Subject.Samples.Data.Classes.Length ? Subject.Samples.Data.Classes[index] : $"class {index}";

        private ModelSummary Model() => new(Subject.Model.Graph.Name, Provenance.Of("layers"), Subject.Model.Graph, Subject.LayerNames);

        private SampleTable Samples()
        {
            var data = Subject.Samples.Data;
            return new($"{Subject.Count} samples", Provenance.Of("predict", Job.Seed), [.. data.Samples.Select(sample => sample.Id)],
                [.. data.Classes, .. Enumerable.Range(data.Classes.Length, Math.Max(0, state.Predicted.Max() + 1 - data.Classes.Length)).Select(Class)],
                [.. data.Samples.Select(sample => sample.Label)], [.. state.Predicted], [.. state.Confidence], data.Columns);
        }

        private DataAndLimits Limits(Journal journal) => new(
            "Data and limits", Provenance.Of("evaluate", Job.Seed), Subject.Count, Subject.Samples.Data.MaskCount,
            Subject.Samples.Data.Array is null ? Subject.Samples.Preprocessing.Steps() : ["array taken as it is"],
            Subject.Samples.Data.Skipped,
            [.. Subject.Samples.Preprocessing.Notes, .. Subject.Samples.Data.Notes, .. Subject.Model.Graph.Notes, .. Subsets(), .. LeftOut(), .. journal.Notes],
            stages.Times);

        private IEnumerable<string> LeftOut() => Plan.Unfit(Subject.Model.Graph).Select(one =>
            $"{Titles.Of(one.Method.Name)} is drawn at {string.Join(", ", one.At.Select(layer => $"`{layer.Name}`"))} only. {one.Reason}");

        private IEnumerable<string> Subsets()
        {
            if ((Request.Faithfulness is not null || Request.Stability is not null) && Request.CostlySamples < Subject.Count)
                yield return $"Faithfulness and stability are of {Request.CostlySamples} of {Subject.Count} samples, drawn by chance.";
            if (!Request.Sanity.IsEmpty && Subject.Model.Graph.BatchOf(Request.SanitySamples) is var some && some < Subject.Count)
                yield return $"Sanity checks are of {some} of {Subject.Count} samples, drawn by chance.";
        }
    }
}
