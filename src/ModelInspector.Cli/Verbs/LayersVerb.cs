using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ModelInspector.Models;
using Spectre.Console;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>layers</c>: what a network is made of.</summary>
internal static class LayersVerb
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var (model, shape, json) = (Options.Model(), Options.InputShape(), new Option<bool>("--json") { Description = "Print JSON." });
        var verb = new Command("layers", "List a network's layers: name, operator, output shape, parameters.") { model, shape, json };
        verb.SetAction(parsed =>
        {
            using var opened = Options.Open(parsed.GetValue(model)!, "cpu", parsed.GetValue(shape));
            if (parsed.GetValue(json)) System.Console.WriteLine(JsonSerializer.Serialize(opened.Graph, Json));
            else Print(opened.Graph);
        });
        return verb;
    }

    private static void Print(ModelGraph graph)
    {
        System.Console.WriteLine($"{graph.Name}: {graph.Format}, {graph.Layers.Length} layers, {Count(graph.Parameters)} parameters");
        foreach (var port in graph.Inputs) System.Console.WriteLine($"  input  {port.Name} {Shape(port.Shape)} {port.Type}");
        foreach (var port in graph.Outputs) System.Console.WriteLine($"  output {port.Name} {Shape(port.Shape)} {port.Type}");
        foreach (var note in graph.Notes) System.Console.WriteLine($"  note   {note}");
        System.Console.WriteLine();
        var width = Math.Clamp(graph.Layers.Max(layer => layer.Name.Length), 5, 60);
        System.Console.WriteLine($"{"layer".PadRight(width)}  {"operator",-24}  {"output",-20}  {"parameters",12}");
        foreach (var layer in graph.Layers)
            System.Console.WriteLine($"{layer.Name.PadRight(width)}  {layer.Op,-24}  {Shape(layer.Output),-20}  {Count(layer.Parameters),12}");
    }

    private static string Shape(IEnumerable<long> shape) =>
        shape.Any() ? "(" + string.Join(", ", shape.Select(size => size < 0 ? "n" : size.ToString(CultureInfo.InvariantCulture))) + ")" : "?";

    private static string Count(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);
}
