using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>Puts the findings that one part of the page shows into the payload.</summary>
internal interface ISection
{
    /// <summary>The finding's place in the manifest, its arrays packed into blocks; null when it is another section's.</summary>
    JsonObject? Pack(Finding finding, Blocks blocks);
}
