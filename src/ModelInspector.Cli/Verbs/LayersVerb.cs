using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ModelInspector.Cli.Terminal;
using ModelInspector.Models;
using ModelInspector.Models.Costs;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>layers</c>: what a network is made of, what each layer costs and how much of the input it sees.</summary>
internal static class LayersVerb
{
    private const int Runs = 5;

    public static Command Create()
    {
        var (model, shape, json) = (Options.Model(), Options.InputShape(), new Option<bool>("--json") { Description = "Print JSON." });
        var verb = new Command("layers", "List a network's layers: operator, output shape, parameters, multiply-adds, memory, receptive field, share of time.") { model, shape, json };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(0, cancel, _ =>
        {
            using var opened = Options.Open(parsed.GetValue(model), "cpu", parsed.GetValue(shape));
            var costs = Costs(opened, Options.Shape(parsed.GetValue(shape)));
            if (parsed.GetValue(json)) LayersJson.Print(opened.Graph, costs);
            else Print(opened.Graph, costs);
            return 0;
        })));
        return verb;
    }

    /// <summary>One entry a layer; none where no input can be made up.</summary>
    private static ImmutableArray<LayerCost> Costs(IModel model, ImmutableArray<long>? shape)
    {
        if (shape is null && model.Graph.Inputs.Any(port => port.Shape.IsEmpty)) return [];
        if (SampleInputs.Shapes(model.Graph, shape) is not { } shapes) return [];
        using var scope = NewDisposeScope();
        try
        {
            return LayerCosts.Of(model, SampleInputs.Of(model.Graph, shapes, 1, CPU), Runs);
        }
        catch (InputException) when (shape is null)
        {
            // What was made up need not be possible: indices, or an input whose size the file does not say.
            return [];
        }
    }

    private static void Print(ModelGraph graph, ImmutableArray<LayerCost> costs)
    {
        var table = new LayerTable([.. graph.Layers.Select((layer, index) => Row(layer, costs.IsEmpty ? null : costs[index], costs))], Screen.Width());
        Write($"{graph.Name}: {graph.Format}, {graph.Layers.Length} layers, {Count(graph.Parameters)} parameters", 2);
        foreach (var port in graph.Inputs) Write($"  input  {port.Name} {Shape(port.Shape)} {port.Type}");
        foreach (var port in graph.Outputs) Write($"  output {port.Name} {Shape(port.Shape)} {port.Type}");
        foreach (var note in graph.Notes) Write($"  note   {note}");
        if (costs.IsEmpty) Write("  note   Costs and receptive fields need an input's shape: add --input-shape 1,3,224,224.");
        System.Console.WriteLine();
        foreach (var line in table.Lines) System.Console.WriteLine(line);
        if (costs.IsEmpty && table.Missing.Length == 0) return;
        System.Console.WriteLine();
        foreach (var text in Closing(graph, costs, table).Where(text => text.Length > 0)) Write(text, 0);
    }

    private static void Write(string text, int indent = 9)
    {
        foreach (var line in Screen.Wrapped(text, Screen.Width(), indent)) System.Console.WriteLine(line);
    }

    private static string[] Row(Layer layer, LayerCost? cost, ImmutableArray<LayerCost> all) =>
    [
        layer.Name, layer.Op, Shape(cost?.Output ?? layer.Output), Count(layer.Parameters), Short(cost?.MultiplyAdds ?? 0), Bytes(cost?.Bytes ?? 0),
        .. Field(cost?.Field), Share(cost, all),
    ];

    private static IEnumerable<string> Closing(ModelGraph graph, ImmutableArray<LayerCost> costs, LayerTable table) => costs.IsEmpty ? [table.Missing] :
    [
        $"In all, for one sample: {Count(graph.Parameters)} parameters ({Bytes(graph.Parameters * sizeof(float))}), {Short(costs.Sum(cost => cost.MultiplyAdds))} multiply-adds, "
            + $"{Bytes(costs.Sum(cost => cost.Bytes))} of layer outputs, {costs.Sum(cost => cost.Time.TotalMilliseconds).ToString("0.0", CultureInfo.InvariantCulture)} ms.",
        table.Meaning,
        table.Missing,
    ];

    private static string[] Field(ReceptiveField? field)
    {
        if (field is null || field.Axes.IsEmpty) return ["", "", ""];
        if (field.IsWhole) return ["whole", "", ""];
        return [Along(field, axis => Math.Ceiling(axis.Size), "whole"), Along(field, axis => axis.Stride, "-"), Along(field, axis => axis.Offset, "-")];
    }

    // One number where all axes agree.
    private static string Along(ReceptiveField field, Func<AxisField, double> number, string whole)
    {
        string[] all = [.. field.Axes.Select(axis => axis is null ? whole : number(axis).ToString("0.##", CultureInfo.InvariantCulture))];
        return all.Distinct().Count() == 1 ? all[0] : string.Join('×', all);
    }

    private static string Share(LayerCost? cost, ImmutableArray<LayerCost> all)
    {
        var whole = all.Sum(each => each.Time.TotalSeconds);
        return cost is null || whole == 0 ? "" : (cost.Time.TotalSeconds / whole).ToString("0.0 %", CultureInfo.InvariantCulture);
    }

    private static string Shape(IEnumerable<long> shape) =>
        shape.Any() ? "(" + string.Join(", ", shape.Select(size => size < 0 ? "n" : size.ToString(CultureInfo.InvariantCulture))) + ")" : "?";

    private static string Count(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bytes(long number) => number == 0 ? "" : Short(number) + "B";

    private static string Short(long number) => number switch
    {
        0 => "",
        < 1_000 => $"{number} ",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:0.00} k"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.00} M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{number / 1e9:0.00} G"),
    };
}
