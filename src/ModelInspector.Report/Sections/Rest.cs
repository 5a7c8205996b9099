using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>Findings without arrays go into the manifest as they are; so do kinds that nobody knows.</summary>
internal sealed class Rest : ISection
{
    public JsonObject Pack(Finding finding, Blocks blocks) => RunDirectory.ToJson(finding);
}
