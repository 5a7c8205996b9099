using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using ModelInspector.Cli.Terminal;
using ModelInspector.Findings;
using ModelInspector.Studies;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>study</c>: questions about methods, answered by training networks of which the right answer is known.</summary>
internal static class StudyVerb
{
    public static Command Create() => new("study", "Put a method to the test on networks trained for it; writes a finding and a document.") { SamSpecificity() };

    private static Command SamSpecificity()
    {
        var given = new SamSpecificity();
        var (seeds, patients, epochs, held) = (Number("--seeds", "Networks trained for each architecture.", given.Seeds), Number("--patients", "Training patients; each is scanned in five phases.", given.Patients),
            Number("--epochs", "Passes over the training images.", given.Epochs), Number("--held-out", "Held-out patients; each is scanned in five phases.", given.HeldOut));
        var (output, document, seed) = (Output(), Document(), Options.Seed());
        var verb = new Command("sam-specificity", "Whether and where saliency activation maps are more specific than Grad-CAM, over seeds and architectures.") { seeds, patients, epochs, held, output, document, seed };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(
            job => new SamSpecificity(AtLeast(parsed, seeds, 1), AtLeast(parsed, patients, 5), AtLeast(parsed, epochs, 1), AtLeast(parsed, held, 2)).Run(parsed.GetValue(output)!, job),
            "sam-specificity", AboutSam, parsed.GetValue(output)!, parsed.GetValue(document), parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static ImmutableArray<string> AboutSam =>
    [
        "A saliency activation map multiplies a layer's activation and gradient position by position (docs/methods/specificity.md has the measures; `modelinspector methods sam` the formula). It was reported to be more specific than Grad-CAM, CAM and guided backpropagation. Here small "
            + "networks learn to tell the contrast phase of drawn abdominal slices, for which the positions that carry the phase are known, so that every map can be scored against the truth at every layer.",
        "Three architectures: `pooled-head` ends in global average pooling, `flatten-head` in a linear layer over an 8 × 8 grid, `residual` adds connections around every second convolution. The networks of an architecture differ in their seed (starting weights, order of images), not in their training images. "
            + "A phantom is an easy case: its causes are bright, few and drawn. What holds here need not hold on patients; what fails here has little excuse.",
    ];

    private static int Run(Func<Job, StudyResult> study, string name, ImmutableArray<string> about, string folder, string? document, ulong seed, CancellationToken cancel)
    {
        var result = Work.Run(seed, cancel, study);
        var run = new RunDirectory(folder);
        var text = new StudyDocument(result, Command(name, result), about).Text;
        run.Write([result]);
        run.Save("study.md", text);
        if (document is not null) Write(document, text);
        foreach (var sentence in result.Sentences) System.Console.WriteLine(sentence);
        System.Console.WriteLine($"Written: {document ?? Path.Combine(folder, "study.md")}");
        return 0;
    }

    private static string Command(string name, StudyResult result) => $"./modelinspector study {name} --seed {result.From.Seed}"
        + string.Concat(Switches.Where(known => result.From.Settings.ContainsKey(known.Setting)).Select(known => $" {known.Switch} {result.From.Settings[known.Setting]}"));

    private static readonly ImmutableArray<(string Setting, string Switch)> Switches =
        [("seeds", "--seeds"), ("training patients", "--patients"), ("epochs", "--epochs"), ("held-out patients", "--held-out")];

    private static void Write(string path, string text)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, text);
    }

    private static Option<int> Number(string name, string description, int given) => new(name) { Description = description, DefaultValueFactory = _ => given };

    private static Option<string> Output() => new("--output", "-o") { Description = "Folder for networks, scores and the finding; an interrupted study goes on from there.", DefaultValueFactory = _ => Path.Combine("reports", "studies") };

    private static Option<string?> Document() => new("--document") { Description = "Also write the document here: docs/studies/NAME.md." };

    private static int AtLeast(ParseResult parsed, Option<int> option, int least) => parsed.GetValue(option) is var value && value >= least ? value
        : throw new UsageException($"{option.Name} {value} is too few. Expected {least} or more.");
}
