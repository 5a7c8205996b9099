using System.Collections.Immutable;
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

    // From here on two maps are one: at some layers two formulas are the same, and their agreement says nothing.
    private const double Same = 0.999;

    /// <summary>Judges the first pair: it holds where the methods clearly agree at more than half of the layers, and fails where they clearly do not at half of them or more.</summary>
    /// <param name="finding">The agreement by layer.</param>
    /// <param name="unitName">What intervals count: "patients".</param>
    public TrustCheck Of(MapSimilarity finding, string unitName)
    {
        if (finding.Rows.FirstOrDefault(row => !row.Control) is not { } first) return new(Name, null, "No two maps could be compared: fewer than ten positions at every layer, or no differences within a map.");
        var rows = finding.Rows.Where(row => !row.Control && row.Method == first.Method).ToList();
        var telling = rows.Where(row => row.Value.Estimate < Same).ToList();
        if (telling.Count == 0) return new(Name, null, $"Maps of {first.Method} are the same at {Layers(rows)}: there the two formulas agree whatever the network does, so this says nothing.");
        if (telling.Max(row => row.Value.Count) is var units && units < LeastUnits)
            return new(Name, null, $"{units} {(units == 1 && unitName.EndsWith('s') ? unitName[..^1] : unitName)} {(units == 1 ? "is" : "are")} too few to tell whether maps of {first.Method} agree.");
        return Judged(finding, telling, rows.Count - telling.Count);
    }

    private TrustCheck Judged(MapSimilarity finding, List<DepthRow> telling, int same)
    {
        var limit = finding.Rows.Where(row => row.Control).ToDictionary(row => row.Layer, row => row.Value.Estimate + Least * (1 - row.Value.Estimate));
        var (agree, differ) = (telling.Where(row => row.Value.Low >= limit[row.Layer]).ToList(), telling.Where(row => row.Value.High < limit[row.Layer]).ToList());
        bool? passed = 2 * agree.Count > telling.Count ? true : 2 * differ.Count >= telling.Count ? false : null;
        var (least, most) = (telling.MinBy(row => row.Value.Estimate)!, telling.MaxBy(row => row.Value.Estimate)!);
        var range = least == most ? $"they share {MethodAgreement.Text(least.Value)}" : $"they share {MethodAgreement.Text(least.Value)} at `{least.Layer}` to {MethodAgreement.Text(most.Value)} at `{most.Layer}`";
        var chance = MethodAgreement.Share(finding.Rows.First(row => row.Control && row.Layer == least.Layer).Value.Estimate);
        return new(Name, passed, $"{Found(passed, telling, agree, differ)}: of the brightest tenth of the positions {range}; chance alone gives {chance}.{Left(same)}");
    }

    private static string Found(bool? passed, List<DepthRow> telling, List<DepthRow> agree, List<DepthRow> differ) => (passed, telling[0].Method) switch
    {
        (true, var methods) => $"Maps of {methods} agree clearly more than by chance at {agree.Count} of {Layers(telling)}",
        (false, var methods) => $"Maps of {methods} agree hardly more than by chance at {differ.Count} of {Layers(telling)}",
        (_, var methods) => $"Whether maps of {methods} agree more than by chance stays open: clearly at {agree.Count} of {Layers(telling)}, hardly at {differ.Count}",
    };

    private static string Left(int same) => same == 0 ? "" : $" {Counted(same)} where the two formulas are one {(same == 1 ? "is" : "are")} left out.";

    private static string Layers(List<DepthRow> rows) => Counted(rows.Count);

    private static string Counted(int layers) => $"{layers} {(layers == 1 ? "layer" : "layers")}";
}
