using System.CommandLine;
using System.Globalization;
using ModelInspector.Cli.Terminal;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Findings;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>evaluate</c>: how specific maps are, by layer and method, with controls and intervals; on request how faithful, stable and sane.</summary>
internal static class EvaluateVerb
{
    private static readonly (string Name, double? Threshold)[] Localisation = [("specificity", 0.2), ("sensitivity", 0.2), ("energy-inside", null), ("auroc", null)];
    private static readonly (string Name, double? Threshold)[] Further = [("deletion", null), ("insertion", null), ("road", null), ("softmax-information", null), ("average-drop", null), ("infidelity", null), ("max-sensitivity", null), ("repeatability", null)];

    private static readonly Option<string> Methods = new("--method", "--methods") { Description = "Attributions of any kind to score, with commas, settings after a colon: sam,grad-cam:variant=signed,saliency.", DefaultValueFactory = _ => "sam,grad-cam" };
    private static readonly Option<string> By = new("--by") { Description = "Give the scores by group too: label, predicted, or columns of the data, with commas.", DefaultValueFactory = _ => "label" };
    private static readonly Option<string> Units = new("--units") { Description = "Column whose groups are independent; intervals resample these.", DefaultValueFactory = _ => "patient" };
    private static readonly Option<bool> Faithful = new("--faithfulness") { Description = "Also insertion, deletion, ROAD, information curves, average drop, increase in confidence, infidelity." };
    private static readonly Option<bool> Stable = new("--stability") { Description = "Also max-sensitivity under noise and repeatability under shifts." };
    private static readonly Option<bool> Sane = new("--sanity") { Description = "Also whether maps change when weights are randomised layer by layer, and for another class." };
    private static readonly Option<int> Most = new("--samples") { Description = "Samples for faithfulness and stability at most.", DefaultValueFactory = _ => 40 };
    private static readonly Option<int> Steps = new("--steps") { Description = "Steps of the removal curves.", DefaultValueFactory = _ => 8 };
    private static readonly Option<Fill> Put = Options.Choice("--fill", "What is put in the place of removed positions", Fill.NoisyLinear);

    public static Command Create()
    {
        var (model, data, masks, labels, preprocess) = (Options.Model(), Options.Data(), Options.Masks(), Options.Labels(), Options.Preprocess());
        var (seed, device, batch) = (Options.Seed(), Options.Device(), Options.Batch());
        data.Required = true;
        var layers = Options.Layers("Layers to look at: names or globs with commas; by default at most eight.");
        var output = Options.Output("Folder for findings.json, specificity.csv, league.csv, groups.csv, scores.csv and information.csv.");
        var verb = new Command("evaluate", "Score maps: against masks by layer, method and threshold, for faithfulness, stability and sanity; goes on where it was interrupted.")
        {
            model, data, masks, labels, preprocess, layers, Methods, By, Units, Faithful, Stable, Sane, Most, Steps, Put, output, seed, device, batch,
        };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(
            Request(parsed, parsed.GetValue(model).On(parsed.GetValue(data)!) with
            {
                Masks = parsed.GetValue(masks),
                Labels = parsed.GetValue(labels),
                Preprocess = parsed.GetValue(preprocess),
                Layers = parsed.GetValue(layers),
                GroupColumn = parsed.GetValue(Units)!,
                GroupsRequired = parsed.GetResult(Units) is { Implicit: false },
                Device = parsed.GetValue(device)!,
                Batch = parsed.GetValue(batch),
                Command = Shell.Command(),
            }),
            parsed.GetValue(output)!, parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static EvaluationRequest Request(ParseResult parsed, InspectionRequest subject) => new(subject)
    {
        Methods = Options.Names(parsed.GetValue(Methods)!),
        By = Options.Names(parsed.GetValue(By)!),
        Faithfulness = parsed.GetValue(Faithful) ? new RemovalRuns(parsed.AtLeast(Steps, 2, 100), parsed.GetValue(Put)) : null,
        Stability = parsed.GetValue(Stable) ? new StabilityRuns() : null,
        Sanity = parsed.GetValue(Sane) ? [new ParameterRandomisation(), new RandomLogit()] : [],
        CostlySamples = parsed.AtLeast(Most, 1),
    };

    private static int Run(EvaluationRequest request, string folder, ulong seed, CancellationToken cancel)
    {
        var findings = Work.Run(seed, cancel, job => MapEvaluation.Run(request, new RunDirectory(folder), job));
        var depth = findings.OfType<SpecificityByDepth>().Single();
        Print(depth, Localisation);
        Print(depth, Further);
        foreach (var sentence in depth.Sentences) System.Console.WriteLine(sentence);
        foreach (var sentence in findings.SelectMany(Sentences)) System.Console.WriteLine(sentence);
        System.Console.WriteLine($"All metrics and thresholds with intervals: {Path.Combine(folder, "specificity.csv")}; image by image: {Path.Combine(folder, "scores.csv")}");
        return 0;
    }

    private static IEnumerable<string> Sentences(Finding finding) => finding switch
    {
        MethodLeague league => league.Sentences,
        ScoresByGroup groups => groups.Sentences,
        ParameterRandomisationByLayer cascade => cascade.Sentences,
        DataAndLimits limits => limits.Limits,
        MapSimilarity similarity => similarity.Sentences,
        _ => [],
    };

    private static void Print(SpecificityByDepth depth, (string Name, double? Threshold)[] metrics)
    {
        var shown = metrics.Where(metric => depth.Rows.Any(row => row.Metric == metric.Name && row.Threshold == metric.Threshold)).ToList();
        if (shown.Count == 0) return;
        System.Console.WriteLine($"{"layer",-28} {"method",-22} {string.Join(' ', shown.Select(metric => $"{Title(metric),20}"))}");
        foreach (var group in depth.Rows.GroupBy(row => (row.Layer, row.Method)))
            if (shown.Any(metric => Cell(group, metric) != ""))
                System.Console.WriteLine($"{group.Key.Layer,-28} {group.Key.Method,-22} {string.Join(' ', shown.Select(metric => $"{Cell(group, metric),20}"))}");
        System.Console.WriteLine();
    }

    private static string Title((string Name, double? Threshold) metric) =>
        metric.Threshold is { } threshold ? string.Create(CultureInfo.InvariantCulture, $"{metric.Name} τ={threshold}") : metric.Name;

    private static string Cell(IEnumerable<DepthRow> rows, (string Name, double? Threshold) metric) =>
        rows.FirstOrDefault(row => row.Metric == metric.Name && row.Threshold == metric.Threshold)?.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{value.Estimate:0.000} [{value.Low:0.000} {value.High:0.000}]") : "";
}
