using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelInspector.Models;
using ModelInspector.Models.TorchScript;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>A module written in TorchScript source: compiled by libtorch, run by its own executor, and saved as the file that the loader opens.</summary>
internal sealed unsafe partial class ScriptSource : IDisposable
{
    private const string Library = "modelinspector_native";
    private nint module;

    static ScriptSource() => NativeLibrary.SetDllImportResolver(typeof(ScriptSource).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(Bridge()) : 0);

    public ScriptSource(string type)
    {
        fixed (nint* handle = &module) Check(mi_script_module(type, handle));
    }

    private ScriptSource(nint module) => this.module = module;

    /// <summary>A file as libtorch itself reads it.</summary>
    public static ScriptSource Load(string path)
    {
        nint module;
        Check(mi_script_open(path, &module));
        return new(module);
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

    /// <summary>What libtorch's own executor makes of an input.</summary>
    public Tensor Forward(Tensor input)
    {
        nint output;
        Check(mi_script_forward(module, input.Handle, &output));
        return Tensor.UnsafeCreateTensor(output);
    }

    public void Dispose() => mi_script_module_free(module);

    // The one that the program itself runs on: two of them would be two allocators.
    private static string Bridge([CallerFilePath] string here = "")
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "libmodelinspector_native.so");
        return File.Exists(beside) ? beside : Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "LibTorch", "native", "build", "libmodelinspector_native.so");
    }

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

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_open(string path, nint* module);

    [LibraryImport(Library)]
    private static partial byte* mi_script_forward(nint module, nint input, nint* output);

    [LibraryImport(Library)]
    private static partial void mi_script_module_free(nint module);
}
