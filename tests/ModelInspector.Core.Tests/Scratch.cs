namespace ModelInspector.Core.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public string this[string relative]
    {
        get
        {
            var full = Path.Combine(Folder, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            return full;
        }
    }

    public string[] Files => [.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
