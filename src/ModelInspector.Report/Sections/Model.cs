using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>The network, laid out for drawing.</summary>
internal sealed class Model : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks) => finding is ModelSummary model ? RunDirectory.ToJson(model) : null;
}
