using System.Runtime.InteropServices;
using ModelInspector.Models;
using ModelInspector.Models.TorchScript;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>A module written in TorchScript source, compiled by libtorch and saved as the file that the loader opens.</summary>
internal sealed unsafe partial class ScriptSource : IDisposable
{
    private const string Library = "modelinspector_native";
    private nint module;

    static ScriptSource() => NativeLibrary.SetDllImportResolver(typeof(ScriptSource).Assembly, (name, assembly, _) => name == Library
        ? NativeLibrary.Load(Path.Combine(Shared.Repository, "src", "LibTorch", "native", "build", "libmodelinspector_native.so"))
        : 0);

    public ScriptSource(string type)
    {
        fixed (nint* handle = &module) Check(mi_script_module(type, handle));
    }

    public ScriptSource Parameter(string name, Tensor value, bool buffer = false)
    {
        Check(mi_script_parameter(module, name, value.Handle, buffer ? (byte)1 : (byte)0));
        return this;
    }

    public ScriptSource Child(string name, ScriptSource child)
    {
        Check(mi_script_child(module, name, child.module));
        return this;
    }

    public ScriptSource Define(string source)
    {
        Check(mi_script_define(module, source + "\n"));
        return this;
    }

    public void Save(string path) => Check(mi_script_save(module, path));

    /// <summary>Saves it to a file, and opens that with the loader.</summary>
    public GraphModel Open(params long[] shape)
    {
        using var file = new TemporaryFile(".pt");
        Save(file.Path);
        return (GraphModel)new TorchScriptLoader().Open(file.Path, shape.Length == 0 ? new OpenOptions() : new OpenOptions(InputShape: [.. shape]));
    }

    public void Dispose() => mi_script_module_free(module);

    private static void Check(byte* error)
    {
        if (error is not null) throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_module(string type, nint* module);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_parameter(nint module, string name, nint value, byte buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_child(nint module, string name, nint child);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_define(nint module, string source);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_save(nint module, string path);

    [LibraryImport(Library)]
    private static partial void mi_script_module_free(nint module);
}

/// <summary>A file that is gone after the test.</summary>
internal sealed class TemporaryFile(string extension) : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N") + extension);

    public void Dispose() => File.Delete(Path);
}
