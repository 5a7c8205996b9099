using System.Collections.Immutable;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ModelInspector.Findings;

/// <summary>
/// A run on disk: <c>run.json</c> (how it was made), <c>findings.json</c> (what was found), and the arrays and images that the findings name.
/// Files are written beside their place and moved into it, so that a reader never sees half a file.
/// </summary>
/// <param name="Path">The run's folder.</param>
public sealed record RunDirectory(string Path)
{
    private static readonly JsonSerializerOptions Json = Options();

    private static readonly ImmutableHashSet<string> Kinds =
        [.. Catalog.Derived<Finding>(Assembly.GetExecutingAssembly()).Select(type => Catalog.Kebab(type.Name))];

    /// <summary>Full path of a file of the run; its folder exists afterwards.</summary>
    public string File(string relative)
    {
        var full = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>Writes <c>run.json</c>.</summary>
    public void Write(RunRecord run) => Save("run.json", JsonSerializer.Serialize(run, Json));

    /// <summary>Writes <c>findings.json</c>.</summary>
    public void Write(IEnumerable<Finding> findings) =>
        Save("findings.json", JsonSerializer.Serialize(new FindingsFile("modelinspector/findings/1", [.. findings]), Json));

    /// <summary>Reads <c>run.json</c>.</summary>
    /// <exception cref="InputException">The folder holds no run.</exception>
    public RunRecord ReadRun() => Load<RunRecord>("run.json");

    /// <summary>Reads <c>findings.json</c>. A kind that this version does not know comes back as an <see cref="UnknownFinding"/>.</summary>
    /// <exception cref="InputException">The folder holds no findings, or they cannot be read.</exception>
    public ImmutableArray<Finding> ReadFindings() => [.. Load<PlainFile>("findings.json").Findings.Select(Typed)];

    /// <summary>A finding as it stands in <c>findings.json</c>, its kind first.</summary>
    public static JsonObject ToJson(Finding finding) =>
        finding is UnknownFinding unknown ? (JsonObject)unknown.Json.DeepClone() : JsonSerializer.SerializeToNode(finding, Json)!.AsObject();

    /// <summary>JSON schema (2020-12) of <c>findings.json</c>, made from the records themselves.</summary>
    public static JsonObject Schema()
    {
        var schema = Json.GetJsonSchemaAsNode(typeof(FindingsFile), new() { TransformSchemaNode = (context, schema) => WithNull(context.TypeInfo.Type, schema) }).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "modelinspector/findings/1");
        return schema;
    }

    // The exporter forgets null where a number may also be "NaN".
    private static JsonNode WithNull(Type type, JsonNode schema)
    {
        if (Nullable.GetUnderlyingType(type) is not null && schema is JsonObject && schema["anyOf"] is JsonArray choices) choices.Add(new JsonObject { ["type"] = "null" });
        return schema;
    }

    /// <summary>A run's record as it stands in <c>run.json</c>.</summary>
    public static JsonObject ToJson(RunRecord run) => JsonSerializer.SerializeToNode(run, Json)!.AsObject();

    private Finding Typed(JsonObject? plain)
    {
        var kind = plain?["kind"]?.ToString() ?? throw new InputException(
            $"{System.IO.Path.Combine(Path, "findings.json")} holds a finding without a kind. Run `modelinspector inspect` again to write it anew.");
        return Kinds.Contains(kind)
            ? Reading("findings.json", () => plain.Deserialize<Finding>(Json)!)
            : new UnknownFinding(plain["title"]?.ToString() ?? kind, Provenance.Of(kind), plain);
    }

    private T Load<T>(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        if (!System.IO.File.Exists(path))
            throw new InputException($"{Path} holds no {name}. Expected the folder of a run, as `modelinspector inspect … -o DIR` writes it.");
        return Reading(name, () => JsonSerializer.Deserialize<T>(System.IO.File.ReadAllBytes(path), Json)!);
    }

    private T Reading<T>(string name, Func<T> read)
    {
        try
        {
            return read() ?? throw new JsonException("It is empty.");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new InputException(
                $"{System.IO.Path.Combine(Path, name)} cannot be read: {error.Message} Run `modelinspector inspect` again to write it anew.", error);
        }
    }

    /// <summary>Writes a text file of the run.</summary>
    public void Save(string name, string text)
    {
        var path = File(name);
        var temporary = path + ".part";
        System.IO.File.WriteAllText(temporary, text);
        System.IO.File.Move(temporary, path, overwrite: true);
    }

    private static JsonSerializerOptions Options() => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameFindings } },
    };

    // A finding carries its kind, so that adding one is adding its record.
    private static void NameFindings(JsonTypeInfo info)
    {
        if (info.Type != typeof(Finding)) return;
        info.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
        foreach (var type in Catalog.Derived<Finding>(Assembly.GetExecutingAssembly()))
            info.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(type, Catalog.Kebab(type.Name)));
    }

    private sealed record FindingsFile(string Schema, ImmutableArray<Finding> Findings);

    private sealed record PlainFile(string Schema, ImmutableArray<JsonObject?> Findings);
}

/// <summary>How a run was made: enough to repeat it to the bit.</summary>
/// <param name="Schema"><c>modelinspector/run/1</c>.</param>
/// <param name="Version">Version of ModelInspector.</param>
/// <param name="Command">The command line that repeats the run.</param>
/// <param name="Model">Model file as given.</param>
/// <param name="ModelSha256">Hash of its bytes.</param>
/// <param name="Data">Data folder or file as given.</param>
/// <param name="DataSha256">Hash over the samples' names, labels and bytes.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Started">When, UTC.</param>
/// <param name="Settings">Every parameter of every stage.</param>
/// <param name="Environment">Versions: libtorch, BLAS, threads, device, operating system.</param>
public sealed record RunRecord(
    string Schema,
    string Version,
    string Command,
    string Model,
    string ModelSha256,
    string Data,
    string DataSha256,
    ulong Seed,
    DateTime Started,
    ImmutableSortedDictionary<string, string> Settings,
    ImmutableSortedDictionary<string, string> Environment);
