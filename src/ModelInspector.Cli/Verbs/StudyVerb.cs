using System.Collections.Immutable;
using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ModelInspector.Cli.Terminal;
using ModelInspector.Findings;
using ModelInspector.Studies;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>study</c>: questions about methods, answered by training networks of which the right answer is known.</summary>
internal static class StudyVerb
{
    public static Command Create() => new("study", "Put a method to the test on networks trained for it; writes a finding and a document.")
    {
        Study<SamSpecificity>("sam-specificity", "Whether and where saliency activation maps are more specific than Grad-CAM, over seeds and architectures.", AboutSam,
            (study, folder, job) => study.Run(folder, job)),
        Study<PlantedShortcuts>("planted-shortcuts", "How often the verdict finds a planted shortcut, by its strength, size and place, and how often it raises a false alarm.", AboutShortcuts,
            (study, folder, job) => study.Run(folder, job)),
    };

    private static Command Study<TStudy>(string name, string description, ImmutableArray<string> about, Func<TStudy, string, Job, StudyResult> study)
    {
        var sizes = typeof(TStudy).GetConstructors().Single(made => made.GetParameters().Length > 1).GetParameters().Select(parameter => new Size(parameter)).ToList();
        var (output, document, seed) = (Output(name), Document(), Options.Seed());
        var verb = new Command(name, description) { output, document, seed };
        foreach (var size in sizes) verb.Add(size.Option);
        verb.SetAction((parsed, cancel) =>
        {
            var asked = (TStudy)Activator.CreateInstance(typeof(TStudy), [.. sizes.Select(size => (object)size.In(parsed))])!;
            return Task.FromResult(Run((folder, job) => study(asked, folder, job), name, about, parsed.GetValue(output)!, parsed.GetValue(document), parsed.GetValue(seed), cancel));
        });
        return verb;
    }

    /// <summary>How large a study is, in one respect: a parameter of its record, with that one's default and range.</summary>
    private sealed class Size(ParameterInfo parameter)
    {
        private static readonly Dictionary<string, string> Meanings = new()
        {
            ["Seeds"] = "Networks trained of each kind.",
            ["Patients"] = "Training patients; each is scanned in five phases.",
            ["Epochs"] = "Passes over the training images.",
            ["HeldOut"] = "Held-out patients; each is scanned in five phases.",
        };

        public Option<int> Option { get; } = new("--" + Catalog.Kebab(parameter.Name!)) { Description = Meanings[parameter.Name!], DefaultValueFactory = _ => (int)parameter.DefaultValue! };

        public int In(ParseResult parsed) =>
            parameter.GetCustomAttribute<RangeAttribute>() is { } range ? parsed.AtLeast(Option, (int)range.Minimum, (int)range.Maximum) : parsed.GetValue(Option);
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

    private static Option<string> Output(string name) => new("--output", "-o") { Description = "Folder for networks, scores and the finding; an interrupted study goes on from there.", DefaultValueFactory = _ => Path.Combine("reports", "studies", name) };

    private static Option<string?> Document() => new("--document") { Description = "Also write the document here: docs/studies/NAME.md." };
}
