namespace ModelInspector.Report.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
public sealed class Scratch : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("modelinspector-report-").FullName;

    public string this[string relative] => Path.Combine(Folder, relative);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
