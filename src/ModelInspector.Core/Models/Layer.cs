using System.Collections.Immutable;

namespace ModelInspector.Models;

/// <summary>One operation of a network, as a reader sees it.</summary>
/// <param name="Name">Unique in its graph: the exporter's module path where there is one (<c>layer1.0.conv1</c>), else the node's name.</param>
/// <param name="Op">The operator's name in its file format: <c>Conv</c>, <c>aten::conv2d</c>.</param>
/// <param name="Output">Shape of the first output for one sample, batch first; empty when it is not known without running.</param>
/// <param name="Inputs">Names of the layers (or graph inputs) that feed this one.</param>
/// <param name="Parameters">Number of trained values that this operation owns.</param>
public sealed record Layer(string Name, string Op, ImmutableArray<long> Output, ImmutableArray<string> Inputs, long Parameters)
{
    /// <summary>Other names that mean this layer: node name, output tensor name, and the module whose output it is.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Whether the layer goes by this name or alias.</summary>
    public bool IsCalled(string name) => Name == name || Aliases.Contains(name);
}

/// <summary>A named input or output of a network.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Declared shape; -1 where any size is allowed; empty when the file says nothing.</param>
/// <param name="Type">Element type in the file's words: <c>float32</c>.</param>
public sealed record Port(string Name, ImmutableArray<long> Shape, string Type);
