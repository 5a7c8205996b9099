using System.Globalization;
using System.Text.Json.Nodes;

namespace ModelInspector.Report.Tests.Synthetic;

/// <summary>The part of JSON Schema that docs/findings.schema.json is written in: what in a document does not fit it.</summary>
internal static class JsonSchema
{
    private static readonly HashSet<string> Words = ["$schema", "title", "type", "properties", "required", "additionalProperties", "items", "anyOf", "const", "enum", "$ref"];

    /// <summary>Places that do not fit, with the reason; empty for a valid document.</summary>
    public static IEnumerable<string> Errors(JsonNode? value, JsonObject schema, string at = "$")
    {
        if (schema.Select(pair => pair.Key).FirstOrDefault(word => !Words.Contains(word)) is { } unknown) return [$"{at}: the schema says `{unknown}`, which is not understood here"];
        if (schema["anyOf"] is JsonArray choices) return choices.Select(choice => Errors(value, choice!.AsObject(), at).ToList()).MinBy(errors => errors.Count)!;
        if ((string?)schema["$ref"] is { } path) return Errors(value, At(schema.Root, path), at);
        if (schema["const"] is { } constant) return JsonNode.DeepEquals(constant, value) ? [] : [$"{at}: is not {constant}"];
        if (schema["enum"] is JsonArray known) return known.Any(one => JsonNode.DeepEquals(one, value)) ? [] : [$"{at}: is none of {known.ToJsonString()}"];
        if (schema["type"] is { } type && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && Types(type).Contains("number"))) return [$"{at}: is {TypeOf(value)}, not {type.ToJsonString()}"];
        return value switch
        {
            JsonObject members => Members(members, schema, at),
            JsonArray items when schema["items"] is JsonObject item => items.SelectMany((one, i) => Errors(one, item, $"{at}[{i}]")),
            _ => [],
        };
    }

    private static IEnumerable<string> Members(JsonObject members, JsonObject schema, string at)
    {
        var properties = schema["properties"]?.AsObject() ?? [];
        foreach (var name in schema["required"]?.AsArray() ?? [])
            if (!members.ContainsKey((string)name!)) yield return $"{at}: has no {name}";
        foreach (var (name, value) in members)
            if ((properties[name] ?? schema["additionalProperties"]) is JsonObject known)
                foreach (var error in Errors(value, known, $"{at}.{name}")) yield return error;
            else if (properties.Count > 0) yield return $"{at}: has {name}, which the schema does not name";
    }

    // "#/properties/findings/items"
    private static JsonObject At(JsonNode root, string path) =>
        path.Split('/').Skip(1).Aggregate(root, (node, step) => node is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!).AsObject();

    private static string[] Types(JsonNode type) => type is JsonArray several ? [.. several.Select(one => (string)one!)] : [(string)type!];

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "null",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => value.ToJsonString().Any(c => c is '.' or 'e' or 'E') ? "number" : "integer",
        _ => "boolean",
    };
}
