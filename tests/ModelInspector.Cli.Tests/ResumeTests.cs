using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Tests;

/// <summary>A run that is stopped anywhere and begun again ends with the bits of one that was not.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Patients = 4;
    private const int Batch = 4;

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_run_that_is_stopped_twice_goes_on_to_the_same_bits()
    {
        var data = SomeSamples();
        Inspect(data, "whole", Job.Quiet(3));
        Assert.Throws<OperationCanceledException>(() => Inspect(data, "stopped", StoppedAt("attribute", 1)));
        Assert.Throws<OperationCanceledException>(() => Inspect(data, "stopped", StoppedAt("embed", 2)));
        Assert.False(File.Exists(scratch["stopped/findings.json"]));
        var firsts = new Firsts();
        Inspect(data, "stopped", Job.Quiet(3) with { Progress = firsts });
        Assert.Equal((0, 0), (firsts.Of("attribute"), firsts.Of("replace regions")));
        Assert.Equal(Contents("whole"), Contents("stopped"));
        Assert.False(Directory.Exists(scratch["stopped/resume"]));
    }

    [Fact]
    public void A_pass_that_is_stopped_goes_on_behind_its_last_checkpoint()
    {
        var data = SomeSamples();
        Assert.Throws<OperationCanceledException>(() => Inspect(data, "stopped", StoppedAt("attribute", 1)));
        var firsts = new Firsts();
        Assert.Throws<OperationCanceledException>(() => Inspect(data, "stopped", StoppedAt("attribute", 1, firsts)));
        Assert.Equal(3 * Batch, firsts.Of("attribute"));
    }

    [Fact]
    public void Another_seed_begins_from_the_beginning()
    {
        var data = SomeSamples();
        Assert.Throws<OperationCanceledException>(() => Inspect(data, "stopped", StoppedAt("attribute", 2)));
        var firsts = new Firsts();
        Assert.Throws<OperationCanceledException>(() => Inspect(data, "stopped", StoppedAt("attribute", 1, firsts) with { Seed = 4 }));
        Assert.Equal(Batch, firsts.Of("attribute"));
    }

    [Fact]
    public void An_evaluation_that_is_stopped_in_every_stage_goes_on_to_the_same_bits()
    {
        var data = SomeSamples();
        Evaluate(data, "whole", Job.Quiet(3));
        foreach (var (stage, reports) in new[] { ("maps", 2), ("faithfulness and stability", 1), ("parameter randomisation", 1) })
            Assert.Throws<OperationCanceledException>(() => Evaluate(data, "stopped", StoppedAt(stage, reports)));
        Assert.False(File.Exists(scratch["stopped/findings.json"]));
        var firsts = new Firsts();
        Evaluate(data, "stopped", Job.Quiet(3) with { Progress = firsts });
        Assert.Equal((0, 0), (firsts.Of("maps"), firsts.Of("faithfulness and stability")));
        Assert.Equal(Contents("whole"), Contents("stopped"));
        Assert.False(Directory.Exists(scratch["stopped/resume"]));
    }

    [Fact]
    public void An_evaluation_by_other_scores_begins_from_the_beginning()
    {
        var data = SomeSamples();
        Assert.Throws<OperationCanceledException>(() => Evaluate(data, "stopped", StoppedAt("faithfulness and stability", 1)));
        var firsts = new Firsts();
        Assert.Throws<OperationCanceledException>(() => Evaluate(data, "stopped", StoppedAt("faithfulness and stability", 1, firsts), steps: 4));
        Assert.Equal((Batch, 1), (firsts.Of("maps"), firsts.Of("faithfulness and stability")));
    }

    private void Evaluate(string data, string folder, Job job, int steps = 3) => MapEvaluation.Run(
        new EvaluationRequest(new InspectionRequest(Sample.Shortcut, data) { Batch = Batch, MostLayers = 2, GroupColumn = "patient", BetweenCheckpoints = TimeSpan.Zero })
        {
            Faithfulness = new RemovalRuns(steps),
            Stability = new StabilityRuns(),
            Sanity = [new ParameterRandomisation(), new RandomLogit()],
            CostlySamples = 3,
            SanitySamples = 4,
        },
        new RunDirectory(scratch[folder]), job);

    private void Inspect(string data, string folder, Job job) => Inspection.Inspection.Run(
        new InspectionRequest(Sample.Shortcut, data) { Batch = Batch, MostLayers = 2, Examples = 4, Embeddings = ["pca"], LastLayerEmbeddings = ["t-sne"], BetweenCheckpoints = TimeSpan.Zero },
        new RunDirectory(scratch[folder]), job);

    private static Job StoppedAt(string stage, int reports, Firsts? firsts = null)
    {
        var stop = new CancellationTokenSource();
        return new Job(3, new Stop(stop, stage, reports, firsts), stop.Token);
    }

    private string SomeSamples()
    {
        var rows = File.ReadAllLines(Sample.Labels);
        var chosen = rows.Skip(1).Where(row => string.CompareOrdinal(row, $"P{Patients + 1:D3}") < 0).ToArray();
        var folder = Path.GetDirectoryName(Sample.Labels)!;
        foreach (var file in chosen.Select(row => row.Split(',')[0]).SelectMany(file => new[] { file, $"masks/{file}" }))
            scratch.Write($"data/{file}", File.ReadAllBytes(Path.Combine(folder, file)));
        return scratch.Write("data/labels.csv", string.Join('\n', [rows[0], .. chosen]));
    }

    // Everything but the times, which no two runs share.
    private Dictionary<string, string> Contents(string folder) =>
        Directory.EnumerateFiles(scratch[folder], "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(scratch[folder], file), Bytes: File.ReadAllBytes(file)))
            .Where(file => file.Name != "run.json")
            .ToDictionary(file => file.Name, file => file.Name == "findings.json" ? Findings(folder) : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file.Bytes)));

    private string Findings(string folder) => string.Join('\n', new RunDirectory(scratch[folder]).ReadFindings()
        .Where(finding => finding is not DataAndLimits).Select(finding => RunDirectory.ToJson(finding).ToJsonString()));

    private sealed class Stop(CancellationTokenSource stop, string stage, int reports, Firsts? firsts) : IProgress<Step>
    {
        private int seen;

        public void Report(Step value)
        {
            firsts?.Report(value);
            if (value.Stage == stage && ++seen == reports) stop.Cancel();
        }
    }

    private sealed class Firsts : IProgress<Step>
    {
        private readonly Dictionary<string, long> first = [];

        public long Of(string stage) => first.GetValueOrDefault(stage);

        public void Report(Step value) => first.TryAdd(value.Stage, value.Done);
    }
}
