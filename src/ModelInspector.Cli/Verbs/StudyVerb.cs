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
    public static Command Create() => new("study", "Put a method to the test on networks trained for it; writes a finding and a document.")
    {
        Study("sam-specificity", "Whether and where saliency activation maps are more specific than Grad-CAM, over seeds and architectures.", AboutSam,
            (new SamSpecificity().Seeds, new SamSpecificity().HeldOut), (sizes, folder, job) => new SamSpecificity(sizes.Seeds, sizes.Patients, sizes.Epochs, sizes.HeldOut).Run(folder, job)),
        Study("planted-shortcuts", "How often the verdict finds a planted shortcut, by its strength, size and place, and how often it raises a false alarm.", AboutShortcuts,
            (new PlantedShortcuts().Seeds, new PlantedShortcuts().HeldOut), (sizes, folder, job) => new PlantedShortcuts(sizes.Seeds, sizes.Patients, sizes.Epochs, sizes.HeldOut).Run(folder, job)),
    };

    /// <summary>How large a study is.</summary>
    private sealed record Sizes(int Seeds, int Patients, int Epochs, int HeldOut);

    private static Command Study(string name, string description, ImmutableArray<string> about, (int Seeds, int HeldOut) usual, Func<Sizes, string, Job, StudyResult> study)
    {
        var given = new SamSpecificity();
        var (seeds, patients, epochs, held) = (Number("--seeds", "Networks trained of each kind.", usual.Seeds), Number("--patients", "Training patients; each is scanned in five phases.", given.Patients),
            Number("--epochs", "Passes over the training images.", given.Epochs), Number("--held-out", "Held-out patients; each is scanned in five phases.", usual.HeldOut));
        var (output, document, seed) = (Output(name), Document(), Options.Seed());
        var verb = new Command(name, description) { seeds, patients, epochs, held, output, document, seed };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(
            (folder, job) => study(new(AtLeast(parsed, seeds, 1), AtLeast(parsed, patients, 5), AtLeast(parsed, epochs, 1), AtLeast(parsed, held, 2)), folder, job),
            name, about, parsed.GetValue(output)!, parsed.GetValue(document), parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static ImmutableArray<string> AboutShortcuts =>
    [
        "The verdict of `modelinspector inspect` (docs/methods/verdict.md) claims to find a shortcut outside the masks and to raise few false alarms. Here both are counted. Small networks (the `pooled-head` of [the other study](sam-specificity.md)) learn to tell the contrast phase of drawn abdominal slices on which a mark was planted: "
            + "a row of one to five bright squares, as many as the phase has a number. In training it always tells the truth (planted), or says nothing (clean: any number, or no mark, by chance). Of the held-out images 40 % carry a mark that agrees with the phase, 30 % one that contradicts it, 30 % none.",
        "Strength, size and place are varied one at a time. Every network is inspected as a user would, with masks, the `patient` and the `marker` column; nothing tells the verdict what was planted.",
    ];

    private static ImmutableArray<string> AboutSam =>
    [
        "A saliency activation map multiplies a layer's activation and gradient position by position (docs/methods/specificity.md has the measures; `modelinspector methods sam` the formula). It was reported to be more specific than Grad-CAM, CAM and guided backpropagation. Here small "
            + "networks learn to tell the contrast phase of drawn abdominal slices, for which the positions that carry the phase are known, so that every map can be scored against the truth at every layer.",
        "Three architectures: `pooled-head` ends in global average pooling, `flatten-head` in a linear layer over an 8 × 8 grid, `residual` adds connections around every second convolution. The networks of an architecture differ in their seed (starting weights, order of images), not in their training images. "
            + "A phantom is an easy case: its causes are bright, few and drawn. What holds here need not hold on patients; what fails here has little excuse.",
    ];

    private static int Run(Func<string, Job, StudyResult> study, string name, ImmutableArray<string> about, string folder, string? document, ulong seed, CancellationToken cancel)
    {
        var result = Work.Run(seed, cancel, job => study(folder, job));
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

    private static Option<string> Output(string name) => new("--output", "-o") { Description = "Folder for networks, scores and the finding; an interrupted study goes on from there.", DefaultValueFactory = _ => Path.Combine("reports", "studies", name) };

    private static Option<string?> Document() => new("--document") { Description = "Also write the document here: docs/studies/NAME.md." };

    private static int AtLeast(ParseResult parsed, Option<int> option, int least) => parsed.GetValue(option) is var value && value >= least ? value
        : throw new UsageException($"{option.Name} {value} is too few. Expected {least} or more.");
}
