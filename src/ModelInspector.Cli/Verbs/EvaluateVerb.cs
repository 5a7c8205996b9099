using System.CommandLine;
using System.Globalization;
using ModelInspector.Cli.Terminal;
using ModelInspector.Findings;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>evaluate</c>: how specific maps are, by layer and method, with controls and intervals.</summary>
internal static class EvaluateVerb
{
    private static readonly (string Name, double? Threshold)[] Shown = [("specificity", 0.2), ("sensitivity", 0.2), ("energy-inside", null), ("auroc", null)];

    public static Command Create()
    {
        var (model, data, masks, labels, preprocess) = (Options.Model(), Options.Data(), Options.Masks(), Options.Labels(), Options.Preprocess());
        var (seed, device, batch) = (Options.Seed(), Options.Device(), Options.Batch());
        data.Required = true;
        var layers = Options.Layers("Layers to look at: names or globs with commas; by default at most eight.");
        var methods = new Option<string>("--method", "--methods") { Description = "Maps to score, with commas.", DefaultValueFactory = _ => "sam,grad-cam" };
        var output = Options.Output("Folder for specificity.csv, findings.json and the rest of the tables.");
        var verb = new Command("evaluate", "Score maps against masks: specificity and its companions by layer, method and threshold.")
        {
            model, data, masks, labels, preprocess, layers, methods, output, seed, device, batch,
        };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(
            new InspectionRequest(parsed.GetValue(model)!, parsed.GetValue(data)!)
            {
                Masks = parsed.GetValue(masks),
                Labels = parsed.GetValue(labels),
                Preprocess = parsed.GetValue(preprocess),
                Layers = parsed.GetValue(layers),
                Maps = [.. parsed.GetValue(methods)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                Embeddings = [],
                LastLayerEmbeddings = [],
                UnitEmbeddings = [],
                Clusterings = [],
                Examples = 0,
                Device = parsed.GetValue(device)!,
                Batch = parsed.GetValue(batch),
                Command = Shell.Command(),
            },
            parsed.GetValue(output)!, parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static int Run(InspectionRequest request, string folder, ulong seed, CancellationToken cancel)
    {
        var findings = Work.Run(seed, cancel, job => Inspection.Inspection.Run(request, new RunDirectory(folder), job));
        var depth = findings.OfType<SpecificityByDepth>().FirstOrDefault() ?? throw new InputException(
            $"{request.Data} has no masks, so nothing can be scored against them. Name them in the CSV's column `mask`, or give their folder with --masks DIR.");
        Print(depth);
        System.Console.WriteLine($"All metrics and thresholds with intervals: {Path.Combine(folder, "specificity.csv")}");
        return 0;
    }

    private static void Print(SpecificityByDepth depth)
    {
        System.Console.WriteLine($"{"layer",-28} {"method",-16} {string.Join(' ', Shown.Select(metric => $"{Title(metric),20}"))}");
        foreach (var group in depth.Rows.GroupBy(row => (row.Layer, row.Method)))
            System.Console.WriteLine($"{group.Key.Layer,-28} {group.Key.Method,-16} {string.Join(' ', Shown.Select(metric => $"{Cell(group, metric),20}"))}");
        foreach (var sentence in depth.Sentences) System.Console.WriteLine(sentence);
    }

    private static string Title((string Name, double? Threshold) metric) =>
        metric.Threshold is { } threshold ? string.Create(CultureInfo.InvariantCulture, $"{metric.Name} τ={threshold}") : metric.Name;

    private static string Cell(IEnumerable<DepthRow> rows, (string Name, double? Threshold) metric) =>
        rows.FirstOrDefault(row => row.Metric == metric.Name && row.Threshold == metric.Threshold)?.Value is { } value
            ? string.Create(CultureInfo.InvariantCulture, $"{value.Estimate:0.000} [{value.Low:0.000} {value.High:0.000}]") : "";
}
