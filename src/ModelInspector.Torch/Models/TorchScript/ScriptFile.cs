using System.Runtime.InteropServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>A TorchScript file in libtorch's hands: its plan, its constants, and its operators one by one.</summary>
internal sealed unsafe class ScriptFile : SafeHandle
{
    private static readonly JsonSerializerOptions Json = new() { MaxDepth = 1024 };

    private readonly List<Tensor> kept = [];

    public ScriptFile() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Modules and graphs, as the file has them.</summary>
    internal ScriptPlan Plan { get; private set; } = null!;

    /// <param name="path">The file.</param>
    /// <param name="device">Where its weights go.</param>
    /// <param name="withLines">Whether to read its line numbers of the original source.</param>
    /// <exception cref="ExternalException">libtorch cannot read it.</exception>
    internal static ScriptFile Load(string path, Device device, bool withLines)
    {
        var file = new ScriptFile();
        nint script;
        Check(ScriptBridge.mi_script_load(path, Packed(device), withLines ? (byte)1 : (byte)0, &script));
        file.SetHandle(script);
        var json = Marshal.PtrToStringUTF8((nint)ScriptBridge.mi_script_json(script))!; // as text: names in a damaged file need not be UTF-8
        file.Plan = JsonSerializer.Deserialize<ScriptPlan>(json, Json)!;
        return file;
    }

    /// <summary>A constant or attribute by its number in the plan; tensors in it belong to the caller.</summary>
    internal object? Constant(int index)
    {
        ScriptValue* value;
        long count;
        Check(ScriptBridge.mi_script_constant(handle, index, &value, &count));
        return ScriptValues.ReadAll(new ReadOnlySpan<ScriptValue>(value, (int)count))[0];
    }

    /// <summary>Runs one operator: its outputs, then every list it has changed.</summary>
    /// <exception cref="ExternalException">The operator refused its inputs.</exception>
    internal object?[] Run(int step, ReadOnlySpan<object?> inputs)
    {
        using var values = new ScriptValues();
        foreach (var input in inputs) values.Write(input);
        ScriptValue* outputs;
        long count;
        fixed (ScriptValue* given = values.Written)
            Check(ScriptBridge.mi_script_run(handle, step, given, values.Written.Length, &outputs, &count));
        return ScriptValues.ReadAll(new ReadOnlySpan<ScriptValue>(outputs, (int)count));
    }

    /// <summary>Takes the tensors of a value out of every dispose scope: they live as long as the file is open.</summary>
    internal object? Kept(object? value)
    {
        if (value is Tensor tensor) kept.Add(tensor.DetachFromDisposeScope());
        if (value is object?[] list)
            foreach (var item in list) Kept(item);
        return value;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) kept.ForEach(tensor => tensor.Dispose());
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        ScriptBridge.mi_script_free(handle);
        return true;
    }

    private static long Packed(Device device) => (long)device.type << 8 | (long)(byte)device.index;

    private static void Check(byte* error)
    {
#pragma warning disable CA2201 // TorchSharp's own exception for what libtorch refuses
        if (NativeSeam.Text(error) is { } text) throw new ExternalException(text.Trim().Split('\n')[0]);
#pragma warning restore CA2201
    }
}
