namespace ModelInspector.Inspection;

/// <summary>A file that says how far a stage got.</summary>
internal static class Checkpoint
{
    /// <summary>Writes beside its place and moves it there, so that half a file is never read.</summary>
    public static void Write(string file, Action<BinaryWriter> state)
    {
        using (var writer = new BinaryWriter(File.Create(file + ".part"))) state(writer);
        File.Move(file + ".part", file, overwrite: true);
    }

    /// <summary>Reads what was written; does nothing where nothing was.</summary>
    public static void Read(string file, Action<BinaryReader> state)
    {
        if (!File.Exists(file)) return;
        using var reader = new BinaryReader(File.OpenRead(file));
        state(reader);
    }
}
