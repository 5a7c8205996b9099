using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Inspection;

/// <summary>
/// What an interrupted run had finished, kept under <c>resume</c> in the run's folder: the same run begun again goes on from there, to the same bits.
/// Another run's journal (other model, data, settings, seed or version) is thrown away.
/// </summary>
internal sealed class Journal
{
    private readonly string folder;

    private Journal(string folder, bool resumed) =>
        (this.folder, Notes) = (folder, resumed ? ["The run was interrupted and gone on with: times count the last start only."] : []);

    /// <summary>What a reader should know.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>The journal of a run.</summary>
    /// <param name="run">Where the run is written.</param>
    /// <param name="key">Everything that changes the result.</param>
    public static Journal Open(RunDirectory run, string key)
    {
        var folder = Path.Combine(run.Path, "resume");
        var resumed = File.Exists(Path.Combine(folder, "key.txt")) && File.ReadAllText(Path.Combine(folder, "key.txt")) == key;
        if (!resumed && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        new RunDirectory(folder).Save("key.txt", key);
        return new Journal(folder, resumed);
    }

    /// <summary>The findings of a stage: from the journal if it was finished before, else made now and kept.</summary>
    public ImmutableArray<Finding> Keep(string stage, Func<IEnumerable<Finding>> work)
    {
        var kept = new RunDirectory(Path.Combine(folder, stage));
        if (File.Exists(Path.Combine(kept.Path, "findings.json"))) return kept.ReadFindings();
        ImmutableArray<Finding> found = [.. work()];
        kept.Write(found);
        return found;
    }

    /// <summary>Where a stage writes how far it got.</summary>
    public string Checkpoint(string stage) => Path.Combine(folder, stage + ".checkpoint");

    /// <summary>Ends the run: nothing is left to go on with.</summary>
    public void Close() => Directory.Delete(folder, recursive: true);
}
