using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace ModelInspector.Report.Payload;

/// <summary>
/// The readable part of the payload <c>mi/1</c>: the run, the findings with their arrays replaced by block ids, and what each block holds.
/// </summary>
internal sealed record Manifest(JsonObject Run, IReadOnlyList<JsonObject> Findings, Blocks Blocks)
{
    public const string Schema = "mi/1";

    /// <summary>Escapes &lt;, &gt;, &amp; and quotes, so that no text from a file can end the script element that it stands in.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>JSON with one finding and one block a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("{\n\"schema\": \"").Append(Schema).Append("\",\n\"run\": ").Append(Run.ToJsonString(Json));
        text.Append(",\n\"samples\": ").Append(Samples().ToJsonString(Json)).Append(",\n\"findings\": [\n");
        text.AppendJoin(",\n", Findings.Select(finding => finding.ToJsonString(Json))).Append("\n],\n\"blocks\": {\n");
        text.AppendJoin(",\n", Blocks.Index.Select(block => $"\"{block.Key}\": {block.Value!.ToJsonString(Json)}")).Append("\n}\n}");
        return text.ToString();
    }

    private JsonObject Samples() => new() { ["used"] = Blocks.Shown.Total, ["shown"] = Blocks.Shown.Count };
}
