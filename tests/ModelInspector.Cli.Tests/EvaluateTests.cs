namespace ModelInspector.Cli.Tests;

/// <summary>The verbs that score maps, on a few images of the sample.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Evaluate_prints_every_kind_of_score_and_writes_the_tables()
    {
        var output = Cli.Succeeds("evaluate", Sample.Clean, "--data", Few(), "--layers", "features.26", "--methods", "sam,grad-cam:variant=signed,saliency", "--by", "label,scanner",
            "--faithfulness", "--fill", "noisy-linear", "--stability", "--sanity", "--samples", "2", "--steps", "3", "-o", scratch["run"]);
        foreach (var part in (string[])["specificity τ=0.2", "deletion", "max-sensitivity", "grad-cam:variant=signed", "Best AUROC:", "when the weights are randomised", "for another class", "scores.csv"])
            Assert.Contains(part, output, StringComparison.Ordinal);
        foreach (var file in (string[])["findings.json", "run.json", "specificity.csv", "league.csv", "groups.csv", "randomisation.csv", "random-logit.csv", "scores.csv", "information.csv"])
            Assert.True(File.Exists(Path.Combine(scratch["run"], file)), file);
        Cli.Succeeds("report", scratch["run"]);
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_sentence()
    {
        Assert.Contains("`scaner`", Cli.Refuses("evaluate", Sample.Clean, "--data", Few(), "--by", "scaner", "-o", scratch["run"]), StringComparison.Ordinal);
        Assert.Contains("name=value", Cli.Refuses("evaluate", Sample.Clean, "--data", Few(), "--methods", "sam:signed", "-o", scratch["run"]), StringComparison.Ordinal);
        var bare = scratch.Write("data/bare.csv", string.Join('\n', File.ReadLines(Few()).Select(line => line.Split(',')[0])) + "\n");
        Assert.Contains("has no masks", Cli.Refuses("evaluate", Sample.Clean, "--data", bare, "-o", scratch["bare"]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch["bare"]));
        Assert.Contains("`patientt`", Cli.Refuses("evaluate", Sample.Clean, "--data", Few(), "--units", "patientt", "-o", scratch["run"]), StringComparison.Ordinal);
        foreach (var steps in (string[])["1", "101"]) Assert.Equal(2, Cli.Run("evaluate", Sample.Clean, "--data", Few(), "--faithfulness", "--steps", steps, "-o", scratch["run"]).Code);
        var (code, _, error) = Cli.Run("evaluate", Sample.Clean, "--data", Few(), "--faithfulness", "--fill", "grey", "-o", scratch["run"]);
        Assert.Equal(2, code);
        Assert.Contains("Expected noisy-linear, mean or zero.", error, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run("study", "sam-specificity", "--seeds", "0", "-o", scratch["study"]).Code);
    }

    [Fact]
    public void Every_metric_is_listed_with_its_family()
    {
        var listed = Cli.Succeeds("methods");
        foreach (var name in (string[])["deletion", "insertion", "road", "accuracy-information", "softmax-information", "infidelity", "max-sensitivity", "repeatability", "gini-sparseness", "effective-share", "parameter-randomisation", "random-logit", "rank-correlation"])
            Assert.Contains($"  {name} ", listed, StringComparison.Ordinal);
    }

    // Four images of two patients.
    private string Few()
    {
        var lines = File.ReadLines(Sample.Labels).ToArray();
        string[] chosen = [lines[1], lines[2], lines[6], lines[7]];
        Directory.CreateDirectory(scratch["data/masks"]);
        foreach (var file in chosen.Select(line => line.Split(',')[0]))
            foreach (var name in (string[])[file, "masks/" + file]) File.Copy(Path.Combine(Path.GetDirectoryName(Sample.Labels)!, name), Path.Combine(scratch["data"], name), overwrite: true);
        return scratch.Write("data/labels.csv", string.Join('\n', [lines[0], .. chosen]) + "\n");
    }
}
