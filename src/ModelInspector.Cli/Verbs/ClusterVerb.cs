using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Cli.Terminal;
using ModelInspector.Clustering;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>cluster</c>: groups of rows, and whether they are found again.</summary>
internal static class ClusterVerb
{
    public static Command Create()
    {
        var input = new Argument<string>("X") { Description = "Rows: .npy or .csv; a map that `embed` wrote, or the layer itself." };
        var method = new Option<string>("--method") { Description = "k-means or hdbscan (`modelinspector methods`).", DefaultValueFactory = _ => "k-means" };
        var draws = new Option<int>("--draws") { Description = "How often a part of the rows is grouped anew to see whether the groups are found again; 0 is never.", DefaultValueFactory = _ => 5 };
        var (set, seed, output) = (Options.Set(), Options.Seed(), Options.Output("Where the groups go: a .npy file, one number a row, -1 for none."));
        var verb = new Command("cluster", "Sort the rows of an array into groups.") { input, method, set, draws, seed, output };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(parsed.GetValue(seed), cancel, job =>
        {
            var clustering = Catalog.Find(Methods.Clusterings, parsed.GetValue(method)!).Create<IClustering>(Options.Settings(parsed.GetValue(set)!));
            return Run(job, NumberTable.Read(parsed.GetValue(input)!), clustering, parsed.GetValue(draws), Options.Writable(parsed.GetValue(output)!));
        })));
        return verb;
    }

    private static int Run(Job job, NumberTable table, IClustering clustering, int draws, string output)
    {
        var found = draws > 0 ? new ClusterStability(draws).Cluster(clustering, table.Values, job) : clustering.Cluster(table.Values, job);
        Npy.Write(output, new NdArray([found.Labels.Length], [.. found.Labels.Select(label => (float)label)]));
        System.Console.WriteLine($"groups: {found.Count}");
        foreach (var group in found.Labels.GroupBy(label => label).OrderBy(group => group.Key < 0).ThenBy(group => group.Key).Take(20))
            System.Console.WriteLine(group.Key < 0 ? $"  none: {group.Count()} rows" : $"  {group.Key}: {group.Count()} rows");
        if (table.Labels.Length > 0)
            System.Console.WriteLine(FormattableString.Invariant($"agreement with the column label (adjusted Rand index): {AdjustedRand.Index(found.Labels.AsSpan(), table.Labels.AsSpan()):G5}"));
        foreach (var (name, value) in found.Figures) System.Console.WriteLine(FormattableString.Invariant($"{name}: {value:G5}"));
        foreach (var warning in found.Warnings) System.Console.WriteLine($"Note: {warning}");
        return 0;
    }
}
