namespace ModelInspector.Core.Tests;

/// <summary>Reference files beside the repository; tests that use them skip where they are absent.</summary>
internal static class Shared
{
    public static string File(string relative)
    {
        var path = Path.Combine(Repository.Root, "..", "shared", relative);
        Skip.IfNot(System.IO.File.Exists(path), $"The reference file shared/{relative} is not here.");
        return path;
    }
}
