using System.Runtime.CompilerServices;

namespace ModelInspector.Cli.Tests;

/// <summary>Where the repository is, seen from this source file.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>A folder of reference material beside the repository; tests that need it are skipped where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var path = System.IO.Path.Combine([Root, "..", "shared", .. parts]);
        Skip.IfNot(Directory.Exists(path), $"The reference folder ../shared/{string.Join('/', parts)} is absent.");
        return path;
    }

    private static string Find([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", ".."));
}
