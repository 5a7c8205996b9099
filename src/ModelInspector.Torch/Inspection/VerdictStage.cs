using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Gathers the evidence for a verdict: attribution outside the masks, replaced regions, accuracy by group.</summary>
internal sealed record VerdictStage(Subject Subject, RunDirectory Run, InspectionRequest Request, ImmutableArray<int> Halves, ImmutableArray<ParameterRandomisationByLayer> Sanity, ImmutableArray<MapSimilarity> Agreement)
{
    /// <summary>The verdict, with the mean map, the mean input and the region that it speaks of beside it.</summary>
    public Verdict Of(PassResult pass, SampleTable table, Job job)
    {
        var (obstacle, (units, unitName)) = (Obstacle(table), Subject.Units(Request.GroupColumn));
        var regions = Masked && obstacle is null ? Suspect.Among(Suspects(pass, 0), Suspects(pass, 1), Halves) : [];
        var evidence = new ShortcutEvidence(Subject.Count, Subject.Samples.Data.MaskCount)
        {
            Units = units,
            UnitName = unitName,
            Outside = Masked ? Outside(pass) : [],
            Regions = new InterventionStage(Subject, pass.Neutral, pass.Step, Request.Batch).On(regions, pass.Decided, units, job),
            Obstacle = obstacle,
            Correct = table.Labels.Any(label => label >= 0) ? [.. table.Labels.Zip(table.Predicted, (label, predicted) => label < 0 ? (bool?)null : label == predicted)] : [],
            Checks = [.. Sanity.Select(finding => new RandomisationTrust().Of(finding, Request.Maps[0])), .. Agreement.Select(finding => new MethodTrust().Of(finding, unitName))],
            Columns = [.. table.Columns.Where(column => !string.Equals(column.Name, Request.GroupColumn, StringComparison.OrdinalIgnoreCase))],
        };
        var verdict = new ShortcutVerdict().Judge(evidence, job);
        return verdict with
        {
            MeanMap = Save("verdict/mean-map.npy", pass.Gathered.Mean),
            MeanInput = Save("verdict/mean-input.npy", pass.Gathered.Mean is null ? null : Grey(pass.Neutral)),
            Region = regions.IsEmpty ? null : Save("verdict/region.npy", Drawn(Strongest(regions, verdict.Tests).Frame, pass.Gathered.Mean!)),
        };
    }

    private static ImmutableArray<Region> Suspects(PassResult pass, int half) => pass.Gathered.Outside(half) is { } outside ? new SuspectRegions().In(outside) : [];

    // The mean of one class alone, put in place of a region, tells that class.
    private static string? Obstacle(SampleTable table) =>
        table.Labels.Zip(table.Predicted, (label, predicted) => label >= 0 ? label : predicted).Distinct().ToList() is [>= 0]
            ? "all images are of one class, so nothing neutral can be put in place of a region" : null;

    private bool Masked => Subject.Samples.Data.MaskCount > 0;

    private ImmutableArray<OutsideEvidence> Outside(PassResult pass) =>
        [.. Subject.LayerNames.Select(layer => new OutsideEvidence(
            $"{Titles.Of(Request.Maps[0])} at `{layer}`", Complement(pass.Table.Scores(layer, Request.Maps[0], "energy-inside", null)), Complement([.. pass.MaskShare]), "an even map"))];

    private static ImmutableArray<double> Complement(ReadOnlySpan<double> shares)
    {
        var result = ImmutableArray.CreateBuilder<double>(shares.Length);
        foreach (var share in shares) result.Add(1 - share);
        return result.MoveToImmutable();
    }

    /// <summary>The region that the headline speaks of: of those that were found the one that changes most; the first where none was.</summary>
    /// <param name="regions">Suspected regions; not empty.</param>
    /// <param name="tests">The verdict's tests: those of the regions first, in their order.</param>
    internal static Suspect Strongest(ImmutableArray<Suspect> regions, ImmutableArray<VerdictTest> tests) =>
        regions.Zip(tests).Where(pair => pair.Second.Found).OrderByDescending(pair => pair.Second.Effect.Estimate - (pair.Second.Control?.Estimate ?? 0)).Select(pair => pair.First)
            .FirstOrDefault(regions[0]);

    private static NdArray Grey(NdArray input)
    {
        var grey = new NdArray(input.Shape[1], input.Shape[2]);
        for (var channel = 0; channel < input.Shape[0]; channel++)
            for (var i = 0; i < grey.Values.Length; i++) grey.Values[i] += input[channel][i] / input.Shape[0];
        return grey;
    }

    private static NdArray Drawn(Region region, NdArray frame)
    {
        var map = new NdArray(frame.Shape);
        for (var row = region.Top; row < region.Top + region.Height; row++) map.Values.AsSpan(row * frame.Shape[1] + region.Left, region.Width).Fill(1);
        return map;
    }

    private ArrayFile? Save(string file, NdArray? map)
    {
        if (map is null) return null;
        Npy.Write(Run.File(file), map);
        return new ArrayFile(file, map.Shape);
    }
}
