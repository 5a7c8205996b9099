using System.CommandLine;
using System.Text.Json;
using ModelInspector.Cli.Terminal;
using Spectre.Console;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>methods</c>: the catalog with its parameters and sources.</summary>
internal static class MethodsVerb
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Show one method: formula, cost, how it misleads, settings, source.", DefaultValueFactory = _ => null };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var verb = new Command("methods", "List every attribution map, embedding and score, with settings and sources.") { name, json };
        verb.SetAction(parsed => Run(parsed.GetValue(name), parsed.GetValue(json)));
        return verb;
    }

    private static int Run(string? name, bool json)
    {
        var methods = Methods.All.Where(method => name is null || method.Entry.Name == name).ToList();
        if (methods.Count == 0) Catalog.Find([.. Methods.All.Select(method => method.Entry)], name!);
        if (json) System.Console.WriteLine(JsonSerializer.Serialize(methods.Select(Plain), Json));
        else if (name is null) List(methods);
        else methods.ForEach(Show);
        return 0;
    }

    private static void List(List<(string Family, CatalogEntry Entry)> methods)
    {
        var width = methods.Max(method => method.Entry.Name.Length);
        foreach (var family in methods.GroupBy(method => method.Family))
        {
            System.Console.WriteLine($"{family.Key}:");
            foreach (var (_, entry) in family) System.Console.WriteLine($"  {entry.Name.PadRight(width)}  {entry.Summary}");
            System.Console.WriteLine();
        }
        System.Console.WriteLine("Formula, cost, how it misleads, settings and source of one: `modelinspector methods NAME`.");
    }

    private static void Show((string Family, CatalogEntry Entry) method)
    {
        System.Console.WriteLine($"{method.Entry.Name} ({method.Family}): {method.Entry.Summary}");
        System.Console.WriteLine($"Source: {method.Entry.Source}");
        System.Console.WriteLine();
        foreach (var line in Remarks.Of(method.Entry.Type)) System.Console.WriteLine(line);
        if (method.Entry.Settings.Length > 0) System.Console.WriteLine();
        var width = method.Entry.Settings.Select(setting => Default(setting).Length).DefaultIfEmpty().Max();
        foreach (var setting in method.Entry.Settings)
            System.Console.WriteLine($"  --set {Default(setting).PadRight(width)}  {setting.Summary}{(setting.Allowed.Length > 0 ? $" ({setting.Allowed})" : "")}");
    }

    private static string Default(Setting setting) => $"{setting.Name}={setting.DefaultText}";

    private static object Plain((string Family, CatalogEntry Entry) method) => new
    {
        method.Entry.Name,
        method.Family,
        method.Entry.Summary,
        method.Entry.Source,
        Settings = method.Entry.Settings.Select(setting => new { setting.Name, Default = setting.DefaultText, setting.Allowed, setting.Summary }),
    };
}
