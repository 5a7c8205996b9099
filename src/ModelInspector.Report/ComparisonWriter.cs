using ModelInspector.Findings;
using ModelInspector.Report.Comparisons;
using ModelInspector.Report.Page;

namespace ModelInspector.Report;

/// <summary>Puts several runs side by side, with shared scales, on one HTML page that needs no network, no server and no other file.</summary>
public static class ComparisonWriter
{
    /// <summary>As many runs as hues can be told apart in one chart.</summary>
    public const int MostRuns = 8;

    /// <summary>Reads the runs and writes the page: verdicts, effects against controls, accuracy, every measure by depth, and what differs between the runs.</summary>
    /// <param name="runs">Two to <see cref="MostRuns"/> folders of runs, in the order in which they are shown.</param>
    /// <param name="htmlPath">Where the page goes; its folder is created.</param>
    /// <exception cref="InputException">Too few or too many runs, one of them twice, or a folder that holds none.</exception>
    public static void Write(IReadOnlyList<RunDirectory> runs, string htmlPath)
    {
        Check(runs);
        var names = Names([.. runs.Select(run => System.IO.Path.GetFullPath(run.Path))]);
        var compared = runs.Select((run, i) => ComparedRun.Read(run, names[i], $"r{i}b")).ToList();
        var title = $"Comparison of {string.Join(", ", names)}";
        new HtmlFile(title, Comparison.ToJson(compared), [.. compared.SelectMany(run => run.Blocks.All)]).Save(System.IO.Path.GetFullPath(htmlPath), folder: false);
    }

    private static void Check(IReadOnlyList<RunDirectory> runs)
    {
        if (runs.Count is < 2 or > MostRuns)
            throw new InputException($"{runs.Count} {(runs.Count == 1 ? "run" : "runs")} given. A comparison takes two to {MostRuns} folders of runs, as `modelinspector inspect … -o DIR` writes them.");
        var twice = runs.GroupBy(run => System.IO.Path.GetFullPath(run.Path).TrimEnd(System.IO.Path.DirectorySeparatorChar)).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new InputException($"{twice.Key} is named twice. A run compared with itself tells nothing; name each once.");
    }

    // Folder names, with as many parents as it takes to tell them apart.
    private static string[] Names(string[] paths)
    {
        for (var parts = 1; ; parts++)
        {
            var names = paths.Select(path => string.Join('/', path.Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).TakeLast(parts))).ToArray();
            if (names.Distinct().Count() == names.Length || parts > 64) return names;
        }
    }
}
