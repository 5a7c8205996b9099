namespace TorchSharp.Native;

/// <summary>What a bug report needs to know about the native side.</summary>
public static unsafe class Environment
{
    /// <summary>libtorch's version, such as <c>1.13.1</c>.</summary>
    /// <exception cref="DllNotFoundException">The native bridge or libtorch is missing; the message says what to run.</exception>
    public static string Libtorch => Text(0);

    /// <summary>Threads, OpenMP and BLAS threading at run time, in libtorch's words.</summary>
    public static string Parallel => Text(1);

    /// <summary>How libtorch was built, in its own words.</summary>
    public static string Build => Text(2);

    /// <summary>The file of the native bridge, or null where there is none.</summary>
    public static string? BridgeFile => BridgeLibrary.Find();

    /// <summary>The files of libtorch and of the BLAS that the process has loaded, once the bridge is in use.</summary>
    public static IReadOnlyList<string> LoadedFiles()
    {
        const string maps = "/proc/self/maps";
        if (!File.Exists(maps)) return [];
        return [.. File.ReadLines(maps)
            .Select(line => line.IndexOf('/') is var at && at >= 0 ? line[at..] : "")
            .Where(file => Interesting.Any(part => Path.GetFileName(file).Contains(part, StringComparison.OrdinalIgnoreCase)))
            .Distinct()];
    }

    private static readonly string[] Interesting = ["libtorch", "libc10", "blas", "lapack", "libmkl", "libmodelinspector"];

    private static string Text(int what)
    {
        NativeValue text;
        Bridge.Check(Bridge.mi_describe(what, &text));
        return Bridge.TakeText(text).TrimEnd();
    }
}
