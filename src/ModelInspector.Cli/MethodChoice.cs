using System.Collections.Immutable;
using ModelInspector.Attribution.Planning;

namespace ModelInspector.Cli;

/// <summary>Attributions as they are chosen on the command line: names with commas, settings for one of them or for all that have them.</summary>
internal static class MethodChoice
{
    /// <exception cref="InputException">There is no such method, or none of them has such a setting.</exception>
    public static ImmutableArray<PlannedMethod> Of(string names, IReadOnlyDictionary<string, string> settings)
    {
        ImmutableArray<CatalogEntry> entries = [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()
            .Select(name => Catalog.Find(Methods.Attributions, name))];
        if (entries.IsEmpty) throw new UsageException("--method names no method. Expected a name such as grad-cam; `modelinspector methods` lists them.");
        foreach (var (prefix, name) in settings.Keys.Select(Split))
            if (prefix is not null && entries.All(entry => entry.Name != prefix))
                throw new UsageException($"--set {prefix}.{name} is for a method that is not chosen. Chosen: {string.Join(", ", entries.Select(entry => entry.Name))}.");
        return [.. entries.Select(entry => new PlannedMethod(entry.Name, entry.Create<object>(For(entry, entries, settings))))];
    }

    // A setting without a method's name goes to every method that has it; if none has, the first one says so.
    private static Dictionary<string, string> For(CatalogEntry entry, ImmutableArray<CatalogEntry> all, IReadOnlyDictionary<string, string> settings)
    {
        var chosen = new Dictionary<string, string>();
        foreach (var (key, value) in settings)
            if (Split(key) is (null, var name) && (Has(entry, name) || !all.Any(other => Has(other, name)))) chosen[name] = value;
        foreach (var (key, value) in settings)
            if (Split(key) is ({ } prefix, var name) && prefix == entry.Name) chosen[name] = value;
        return chosen;
    }

    private static bool Has(CatalogEntry entry, string name) => entry.Settings.Any(setting => setting.Name == name.Replace('_', '-'));

    private static (string? Prefix, string Name) Split(string key) =>
        key.IndexOf('.', StringComparison.Ordinal) is > 0 and var at ? (key[..at], key[(at + 1)..]) : (null, key);
}
