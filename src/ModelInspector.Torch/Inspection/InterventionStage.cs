using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>
/// Replaces each suspected region, and equally large random ones, in every sample, or in a seeded choice of samples when there are many.
/// </summary>
internal sealed record InterventionStage(Subject Subject, NdArray Neutral, int Batch)
{
    private const int Draws = 4;
    private const int MostSamples = 1000;

    /// <summary>One piece of evidence a region, in the regions' order; samples that were not tested hold NaN.</summary>
    public ImmutableArray<RegionEvidence> On(ImmutableArray<Suspect> regions, Job job)
    {
        if (regions.IsEmpty) return [];
        var samples = new Randomness(job.Seed, 0x17E5).Choose(Subject.Count, Math.Min(MostSamples, Subject.Count)).Order().ToArray();
        var tallies = regions.Select(region => new Tally(region, Subject.Count, Draws)).ToList();
        foreach (var some in samples.Chunk(Subject.Model.Graph.BatchOf(Batch)))
        {
            Test(tallies, some, job);
            job.Report("intervene", Array.IndexOf(samples, some[^1]) + 1, samples.Length);
        }
        return [.. tallies.Select(tally => tally.Evidence())];
    }

    private void Test(List<Tally> tallies, int[] samples, Job job)
    {
        using var scope = NewDisposeScope();
        LoadedSample[] loaded = [.. samples.Select(Subject.Samples.Load)];
        var batch = stack([.. loaded.Select(sample => Capture.Batches.ToTensor(sample.Input))], 0);
        NdArray?[] masks = [.. loaded.Select(sample => sample.Mask)];
        var intervention = new Intervention(Subject.Model, Neutral);
        var decided = intervention.Decision(batch);
        var (rows, columns) = ((int)batch.shape[2], (int)batch.shape[3]);
        foreach (var tally in tallies)
        {
            tally.Suspect(samples, intervention.Flips(batch, decided, masks, [.. samples.Select(tally.Region.For)]));
            for (var draw = 0; draw < Draws; draw++)
            {
                var random = new Randomness(job.Seed, 0xC0DE + (ulong)draw);
                Region[] elsewhere = [.. samples.Zip(masks, (sample, mask) => RandomRegions.Like(tally.Region.For(sample), mask, rows, columns, random, (ulong)sample))];
                tally.Control(draw, samples, intervention.Flips(batch, decided, masks, elsewhere));
            }
        }
    }

    private sealed class Tally(Suspect region, int count, int draws)
    {
        private readonly double[] effect = Untested(count);
        private readonly double[][] controls = [.. Enumerable.Range(0, draws).Select(_ => Untested(count))];

        public Suspect Region => region;

        public void Suspect(int[] samples, bool[] flipped) => Note(effect, samples, flipped);

        public void Control(int draw, int[] samples, bool[] flipped) => Note(controls[draw], samples, flipped);

        public RegionEvidence Evidence() => new(
            Where(region.Frame),
            [.. effect], [.. controls.Select(control => control.ToImmutableArray())], "equally large random regions", "share of decisions flipped");

        private static string Where(Region region) => $"rows {region.Top}–{region.Top + region.Height - 1}, columns {region.Left}–{region.Left + region.Width - 1}";

        private static double[] Untested(int count) => [.. Enumerable.Repeat(double.NaN, count)];

        private static void Note(double[] values, int[] samples, bool[] flipped)
        {
            foreach (var (sample, flip) in samples.Zip(flipped)) values[sample] = flip ? 1 : 0;
        }
    }
}
