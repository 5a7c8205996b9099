namespace ModelInspector.Cli.Tests;

/// <summary>The program as a user runs it, in this process: exit code and what it printed.</summary>
internal static class Cli
{
    private static readonly Lock Gate = new();

    public static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        lock (Gate)
        {
            var (output, error) = (Console.Out, Console.Error);
            using var captured = new StringWriter();
            using var complaints = new StringWriter();
            try
            {
                Console.SetOut(captured);
                Console.SetError(complaints);
                var code = CommandLine.Run(arguments);
                return (code, captured.ToString(), complaints.ToString());
            }
            finally
            {
                Console.SetOut(output);
                Console.SetError(error);
            }
        }
    }

    /// <summary>Runs, expects success, gives what was printed.</summary>
    public static string Succeeds(params string[] arguments)
    {
        var (code, output, error) = Run(arguments);
        Assert.True(code == 0, $"`modelinspector {string.Join(' ', arguments)}` exited with {code}: {error}");
        return output;
    }

    /// <summary>Runs, expects exit code 1 and one clear sentence without a stack trace, gives the sentence.</summary>
    public static string Refuses(params string[] arguments)
    {
        var (code, _, error) = Run(arguments);
        Assert.True(code == 1, $"`modelinspector {string.Join(' ', arguments)}` exited with {code}, expected 1: {error}");
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.EndsWith('…')).ToArray();
        Assert.DoesNotContain("   at ", error);
        Assert.True(lines.Length is 1 or 2, $"Expected one sentence or two, got: {error}");
        return error;
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "modelinspector-test-" + System.IO.Path.GetRandomFileName());

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The sample that ships with the project.</summary>
internal static class Sample
{
    public static string Folder => Repository.Path("sample-models", "phantom-ct");

    public static string Clean => System.IO.Path.Combine(Folder, "clean.onnx");

    public static string Shortcut => System.IO.Path.Combine(Folder, "shortcut.onnx");

    public static string Labels => System.IO.Path.Combine(Folder, "held-out", "labels.csv");
}
