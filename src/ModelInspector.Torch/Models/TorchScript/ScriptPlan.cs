using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelInspector.Models.TorchScript;

/// <summary>A TorchScript file as the native side spells it out: modules by number, graphs by qualified name.</summary>
internal sealed record ScriptPlan(
    [property: JsonPropertyName("root")] int Root,
    [property: JsonPropertyName("converted")] int Converted,
    [property: JsonPropertyName("main")] string Main,
    [property: JsonPropertyName("graphs")] Dictionary<string, ScriptBlock> Graphs,
    [property: JsonPropertyName("modules")] ScriptModule[] Modules)
{
    /// <summary>For each argument of the network (itself the first) the constant that it is where nothing is given; null where it has to be given.</summary>
    [JsonPropertyName("defaults")]
    public int?[] Defaults { get; init; } = [];

    /// <summary>Every module's path as the file has it.</summary>
    internal HashSet<string> Paths()
    {
        var paths = new HashSet<string>();
        Walk(Root, "", paths);
        return paths;
    }

    private void Walk(int module, string path, HashSet<string> paths)
    {
        if (path.Count(c => c == '.') > 200 || !paths.Add(path)) return;
        foreach (var (name, attribute) in Modules[module].Attributes)
            if (attribute.Module is { } child) Walk(child, path.Length == 0 ? name : $"{path}.{name}", paths);
    }
}

/// <summary>One module object: its class and what hangs on it.</summary>
internal sealed record ScriptModule(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("attributes")] Dictionary<string, ScriptAttribute> Attributes);

/// <summary>A sub-module by number, or a value by constant number.</summary>
internal sealed record ScriptAttribute(
    [property: JsonPropertyName("m")] int? Module,
    [property: JsonPropertyName("v")] int Constant,
    [property: JsonPropertyName("p")] bool IsParameter);

/// <summary>The body of a function or of a control-flow node.</summary>
internal sealed record ScriptBlock(
    [property: JsonPropertyName("i")] ScriptName[] Inputs,
    [property: JsonPropertyName("n")] ScriptNode[] Nodes,
    [property: JsonPropertyName("r")] int[] Returns);

/// <summary>A value: its number in its graph, its type, its name in the source.</summary>
[JsonConverter(typeof(ScriptNameConverter))]
internal sealed record ScriptName(int Id, string Type, string Name)
{
    /// <summary>Whether it is or contains a tensor.</summary>
    internal bool HoldsTensors => Type.Contains("Tensor", StringComparison.Ordinal);
}

/// <summary>One operation.</summary>
internal sealed record ScriptNode(
    [property: JsonPropertyName("k")] string Kind,
    [property: JsonPropertyName("l")] string Line,
    [property: JsonPropertyName("i")] int[] Inputs,
    [property: JsonPropertyName("o")] ScriptName[] Outputs)
{
    /// <summary>The attribute or method it names.</summary>
    [JsonPropertyName("a")]
    public string Attribute { get; init; } = "";

    /// <summary>The function it calls, or is.</summary>
    [JsonPropertyName("f")]
    public string? Function { get; init; }

    /// <summary>The constant it is.</summary>
    [JsonPropertyName("c")]
    public int? Constant { get; init; }

    /// <summary>Number to run it by; null where it has no operator.</summary>
    [JsonPropertyName("x")]
    public int? Step { get; init; }

    /// <summary>The operator's full schema.</summary>
    [JsonPropertyName("s")]
    public string Schema { get; init; } = "";

    /// <summary>The operator that computes the same without writing to its input; it is the one that runs.</summary>
    [JsonPropertyName("p")]
    public string? Pure { get; init; }

    /// <summary>Tensor inputs that it writes to.</summary>
    [JsonPropertyName("w")]
    public int[] Writes { get; init; } = [];

    /// <summary>List inputs that it writes to; they follow its outputs when it runs.</summary>
    [JsonPropertyName("wl")]
    public int[] ListWrites { get; init; } = [];

    /// <summary>For each output, the input it may be a view of, or -1.</summary>
    [JsonPropertyName("v")]
    public int[] Views { get; init; } = [];

    /// <summary>Whether the same inputs always give the same outputs.</summary>
    [JsonPropertyName("d")]
    public bool IsDeterministic { get; init; } = true;

    /// <summary>Values from around a loop that it takes after its own inputs when it runs as one step.</summary>
    [JsonPropertyName("e")]
    public ScriptName[] FromOutside { get; init; } = [];

    /// <summary>Bodies of control flow.</summary>
    [JsonPropertyName("b")]
    public ScriptBlock[] Blocks { get; init; } = [];

    /// <summary>The operator that runs, in the file's words: <c>aten::relu</c>.</summary>
    internal string Op => Pure ?? Kind;

    /// <summary>"aten::foo at models.py:48", for messages.</summary>
    internal string Place => Line.Contains(':', StringComparison.Ordinal) && Line.Length > 2 ? $"`{Kind}` at {Path.GetFileName(Line)}" : $"`{Kind}`";
}

/// <summary>Reads [number, type, name].</summary>
internal sealed class ScriptNameConverter : JsonConverter<ScriptName>
{
    public override ScriptName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        var id = reader.GetInt32();
        reader.Read();
        var type = reader.GetString()!;
        reader.Read();
        var name = reader.GetString()!;
        reader.Read();
        return new ScriptName(id, type, name);
    }

    public override void Write(Utf8JsonWriter writer, ScriptName value, JsonSerializerOptions options) => throw new NotSupportedException();
}
