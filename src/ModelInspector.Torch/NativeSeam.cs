using System.Reflection;
using System.Runtime.InteropServices;

namespace ModelInspector;

/// <summary>Finds the native bridge for the two seams that call it directly: image files and TorchScript files.</summary>
internal static class NativeSeam
{
    internal const string Library = "modelinspector_native";

    private const string File = "libmodelinspector_native.so";

    private static readonly Lock Registering = new();
    private static bool registered;

    /// <summary>To be called by the static constructor of every class that imports from the bridge.</summary>
    internal static void Register()
    {
        lock (Registering)
        {
            if (!registered) NativeLibrary.SetDllImportResolver(typeof(NativeSeam).Assembly, Resolve);
            registered = true;
        }
    }

    /// <summary>The bridge's error as text; null where there is none.</summary>
    internal static unsafe string? Text(byte* error) => error is null ? null : Marshal.PtrToStringUTF8((nint)error);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library) return 0;
        var file = Places(AppContext.BaseDirectory).FirstOrDefault(System.IO.File.Exists) ?? throw new DllNotFoundException(
            $"The native bridge {File} is neither next to the program nor in src/LibTorch/native/build: run ./modelinspector doctor, which builds it or says what is missing.");
        return NativeLibrary.Load(file);
    }

    private static IEnumerable<string> Places(string start)
    {
        yield return Path.Combine(start, File);
        yield return Path.Combine(start, "runtimes", "linux-x64", "native", File);
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, "src", "LibTorch", "native", "build", File);
    }
}
