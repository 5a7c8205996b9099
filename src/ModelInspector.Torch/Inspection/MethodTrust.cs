using ModelInspector.Findings;

namespace ModelInspector.Inspection;

/// <summary>Whether the methods' maps agree: a reason to trust what rests on one of them, or not to.</summary>
/// <param name="Least">
/// Agreement beyond chance (Cohen's κ of the two brightest tenths) from which two maps agree at all; below 0.2 it is called slight (Landis and Koch, Biometrics 1977).
/// </param>
/// <param name="LeastUnits">With fewer images (patients) nothing is said.</param>
internal sealed record MethodTrust(double Least = 0.2, int LeastUnits = 10)
{
    private const string Name = "agreement of methods";

    /// <summary>
    /// Judges the first pair in the deeper half of the layers, where both are meant to answer the same question: it holds where they clearly agree at more
    /// than half of those layers, and fails where they clearly do not at half of them or more.
    /// </summary>
    /// <param name="finding">The agreement by layer.</param>
    /// <param name="unitName">What intervals count: "patients".</param>
    public TrustCheck Of(MapSimilarity finding, string unitName)
    {
        if (finding.Rows.FirstOrDefault(row => !row.Control) is not { } first) return new(Name, null, "No two maps could be compared: fewer than ten positions at every layer, or no differences within a map.");
        var rows = finding.Rows.Where(row => !row.Control && row.Method == first.Method).ToList();
        var telling = rows.Where(row => !MethodAgreement.AreOne(row)).ToList();
        if (telling.Count == 0) return new(Name, null, $"Maps of {first.Method} are the same at {Layers(rows)}: there the two formulas agree whatever the network does, so this says nothing.");
        if (telling.Max(row => row.Value.Count) is var units && units < LeastUnits)
            return new(Name, null, $"{units} {(units == 1 && unitName.EndsWith('s') ? unitName[..^1] : unitName)} {(units == 1 ? "is" : "are")} too few to tell whether maps of {first.Method} agree.");
        return Judged(finding, telling[(telling.Count / 2)..]);
    }

    private TrustCheck Judged(MapSimilarity finding, List<DepthRow> deep)
    {
        var limit = finding.Rows.Where(row => row.Control).ToDictionary(row => row.Layer, row => row.Value.Estimate + Least * (1 - row.Value.Estimate));
        var (agree, differ) = (deep.Count(row => row.Value.Low >= limit[row.Layer]), deep.Count(row => row.Value.High < limit[row.Layer]));
        bool? passed = 2 * agree > deep.Count ? true : 2 * differ >= deep.Count ? false : null;
        var chance = finding.Rows.First(row => row.Control && row.Layer == deep[^1].Layer).Value.Estimate;
        return new(Name, passed, $"{Found(passed, deep, agree, differ)}: of the brightest tenth of the positions they share {MethodAgreement.Range(deep)}; chance alone gives {MethodAgreement.Share(chance)}.");
    }

    private static string Found(bool? passed, List<DepthRow> deep, int agree, int differ) => (passed, deep[0].Method) switch
    {
        (true, var methods) => $"Maps of {methods} agree clearly more than by chance at {Part(agree, deep)}",
        (false, var methods) => $"Maps of {methods} agree hardly more than by chance at {Part(differ, deep)}",
        (_, var methods) => $"Whether maps of {methods} agree more than by chance stays open at {Part(deep.Count - agree - differ, deep)}",
    };

    private static string Part(int count, List<DepthRow> deep) => deep.Count == 1 ? "the deepest layer that can be compared" : $"{count} of the {deep.Count} deeper layers";

    private static string Layers(List<DepthRow> rows) => $"{rows.Count} {(rows.Count == 1 ? "layer" : "layers")}";
}
