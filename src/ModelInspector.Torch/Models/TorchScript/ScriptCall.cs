namespace ModelInspector.Models.TorchScript;

/// <summary>One call of a module: what its operations are named after.</summary>
/// <param name="module">The module's number.</param>
/// <param name="path">Its path (<c>layer1.0.conv1</c>), numbered from the second call on; empty for the network itself.</param>
/// <param name="caller">The call around it.</param>
internal sealed class ScriptCall(int module, string path, ScriptCall? caller)
{
    internal int Module => module;

    internal string Path => path;

    internal ScriptCall? Caller => caller;

    /// <summary>The slot that holds what it returned (the first of several); -1 when that is no tensor.</summary>
    internal int Result { get; set; } = -1;
}
