using System.Runtime.InteropServices;

namespace ModelInspector.Models.TorchScript;

/// <summary>One value on its way over the C ABI; a list is followed by its members.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ScriptValue
{
    internal ScriptTag Tag;
    internal int Count;
    internal long Bits;
}

/// <summary>What a value is; the numbers are the native side's.</summary>
internal enum ScriptTag
{
    None = 0,
    Tensor = 2,
    Int = 3,
    Double = 4,
    Bool = 5,
    Text = 11,
    Device = 12,
    List = 32,
    Other = 33,
}

/// <summary>The TorchScript part of the native bridge. A returned error is null on success.</summary>
internal static unsafe partial class ScriptBridge
{
    static ScriptBridge() => NativeSeam.Register();

    [LibraryImport(NativeSeam.Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial byte* mi_script_load(string path, long device, byte withLines, nint* script);

    [LibraryImport(NativeSeam.Library)]
    internal static partial byte* mi_script_json(nint script);

    [LibraryImport(NativeSeam.Library)]
    internal static partial byte* mi_script_constant(nint script, long index, ScriptValue** value, long* count);

    [LibraryImport(NativeSeam.Library)]
    internal static partial byte* mi_script_run(nint script, long step, ScriptValue* inputs, long count, ScriptValue** outputs, long* written);

    [LibraryImport(NativeSeam.Library)]
    internal static partial void mi_script_free(nint script);
}
