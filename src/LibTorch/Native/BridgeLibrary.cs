using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>Finds the native bridge: next to the assembly, then where the sources build it.</summary>
internal static class BridgeLibrary
{
    private const string File = "libmodelinspector_native.so";

    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(BridgeLibrary).Assembly, Resolve);

    /// <summary>The places that are searched, best first.</summary>
    internal static IEnumerable<string> Candidates(string start)
    {
        yield return Path.Combine(start, File);
        yield return Path.Combine(start, "runtimes", "linux-x64", "native", File);
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "src", "LibTorch", "native", "build", File);
    }

    /// <summary>The file that would be loaded, or null.</summary>
    internal static string? Find() =>
        Candidates(Path.GetDirectoryName(typeof(BridgeLibrary).Assembly.Location) is { Length: > 0 } beside ? beside : AppContext.BaseDirectory)
            .Concat(Candidates(AppContext.BaseDirectory))
            .FirstOrDefault(System.IO.File.Exists);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Bridge.Library) return 0;
        string file = Find() ?? throw new DllNotFoundException(
            $"The native bridge {File} is neither next to the program nor in src/LibTorch/native/build: run ./modelinspector doctor, which builds it or says what is missing.");
        return NativeLibrary.TryLoad(file, out nint handle) ? handle : throw new DllNotFoundException(
            $"The native bridge {file} does not load, most likely because libtorch is not installed: run ./modelinspector doctor, which installs it or says what is missing.");
    }
}
