namespace ModelInspector.Report;

/// <summary>How a report is written.</summary>
public sealed record ReportOptions
{
    /// <summary>
    /// Whether the data blocks go into a folder <c>NAME.data</c> beside the page instead of into it: for runs that would make a file too large to mail.
    /// </summary>
    public bool Folder { get; init; }

    /// <summary>
    /// Points that a map shows at most; above, a sample stratified by class is drawn with the run's seed, and the page says so. Statistics use all.
    /// </summary>
    public int MostSamples { get; init; } = 20_000;
}
