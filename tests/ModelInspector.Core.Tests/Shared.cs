namespace ModelInspector.Core.Tests;

/// <summary>Reference files beside the repository; tests that use them skip where they are absent.</summary>
internal static class Shared
{
    public static string File(string relative)
    {
        var path = Path.Combine(Root(), "..", "shared", relative);
        Skip.IfNot(System.IO.File.Exists(path), $"The reference file shared/{relative} is not here.");
        return path;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "ModelInspector.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
