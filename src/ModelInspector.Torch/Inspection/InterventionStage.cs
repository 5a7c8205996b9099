using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>
/// Replaces each suspected region, and equally large random ones, in every sample, or in a seeded choice of samples when there are many; and exchanges it
/// for what images have there that are decided otherwise, and alike.
/// </summary>
/// <param name="Subject">Network and samples.</param>
/// <param name="Neutral">What is put in place of a region.</param>
/// <param name="Step">Of a network that gives one number: how far it must move to count as changed; null where it decides for a class.</param>
/// <param name="Batch">Samples in one run of the network.</param>
internal sealed record InterventionStage(Subject Subject, NdArray Neutral, double? Step, int Batch)
{
    private const int Draws = 4;
    private const int MostSamples = 1000;

    /// <summary>One piece of evidence a region, in the regions' order; samples that were not tested hold NaN.</summary>
    /// <param name="regions">Suspected regions.</param>
    /// <param name="decided">The class decided for in each sample.</param>
    /// <param name="units">Unit of each sample; empty: each is its own.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    public ImmutableArray<RegionEvidence> On(ImmutableArray<Suspect> regions, ImmutableArray<int> decided, ImmutableArray<string> units, Job job)
    {
        if (regions.IsEmpty) return [];
        var samples = new Randomness(job.Seed, 0x17E5).Choose(Subject.Count, Math.Min(MostSamples, Subject.Count)).Order().ToArray();
        var donors = new Donors(decided, units, Masked(), job.Seed);
        var tallies = regions.Select(region => new RegionTally(region, Subject.Count, Draws)).ToList();
        foreach (var some in samples.Chunk(Subject.Model.Graph.BatchOf(Batch)))
        {
            Test(tallies, some, donors, job);
            job.Report("replace regions", Array.IndexOf(samples, some[^1]) + 1, samples.Length);
        }
        var frame = Neutral.Shape[^2..];
        return [.. tallies.Select(tally => tally.Evidence(frame[0], frame[1], Step is null ? "share of decisions flipped" : "share of outputs moved by half their standard deviation or more"))];
    }

    // A region without mask would bring along what the mask of another image hides.
    private ImmutableArray<int> Masked() =>
        [.. Enumerable.Range(0, Subject.Count).Where(sample => Subject.Samples.Data.MaskArray is not null || Subject.Samples.Data.Samples[sample].Mask is not null)];

    private void Test(List<RegionTally> tallies, int[] samples, Donors donors, Job job)
    {
        using var scope = NewDisposeScope();
        var trial = Trial.Of(Subject, new Intervention(Subject.Model, Neutral, Step), samples);
        foreach (var tally in tallies) Replace(tally, trial, job);
        Exchange(tallies, trial, donors.Otherwise, (tally, flips) => tally.Exchanged.Effect(samples, flips));
        for (var draw = 0; draw < Draws; draw++)
        {
            var one = draw;
            Exchange(tallies, trial, sample => donors.Alike(sample, one), (tally, flips) => tally.Exchanged.Control(one, samples, flips));
        }
    }

    private static void Replace(RegionTally tally, Trial trial, Job job)
    {
        var regions = tally.Regions(trial.Samples);
        tally.Replaced.Effect(trial.Samples, trial.Flips(regions));
        for (var draw = 0; draw < Draws; draw++)
            tally.Replaced.Control(draw, trial.Samples, trial.Flips(Elsewhere(regions, trial, new Randomness(job.Seed, 0xC0DE + (ulong)draw))));
    }

    // A sample without donor keeps its own region, and does not count.
    private void Exchange(List<RegionTally> tallies, Trial trial, Func<int, int?> donor, Action<RegionTally, IEnumerable<bool?>> note)
    {
        int?[] chosen = [.. trial.Samples.Select(donor)];
        LoadedSample[] given = [.. chosen.Select((index, i) => index is { } known ? Subject.Samples.Load(known) : trial.Loaded[i])];
        foreach (var tally in tallies)
            note(tally, trial.Exchanged(tally.Regions(trial.Samples), given).Zip(chosen, (flip, from) => from is null ? (bool?)null : flip));
    }

    private static Region[] Elsewhere(Region[] regions, Trial trial, Randomness random) =>
        [.. trial.Samples.Select((sample, i) => RandomRegions.Like(regions[i], trial.Masks[i], (int)trial.Batch.shape[2], (int)trial.Batch.shape[3], random, (ulong)sample))];

    /// <summary>Some samples, and what is decided for them as they are.</summary>
    private sealed record Trial(Intervention Intervention, int[] Samples, LoadedSample[] Loaded, Tensor Batch, NdArray?[] Masks, Tensor Decided)
    {
        public static Trial Of(Subject subject, Intervention intervention, int[] samples)
        {
            LoadedSample[] loaded = [.. samples.Select(subject.Samples.Load)];
            var batch = stack([.. loaded.Select(sample => Capture.Batches.ToTensor(sample.Input))], 0); // (n, C, H, W)
            return new(intervention, samples, loaded, batch, [.. loaded.Select(sample => sample.Mask)], intervention.Decision(batch));
        }

        public IEnumerable<bool?> Flips(Region[] regions) => Intervention.Flips(Batch, Decided, Masks, regions).Cast<bool?>();

        public bool[] Exchanged(Region[] regions, LoadedSample[] donors) => Intervention.Exchanged(Batch, Decided, Masks, regions, donors);
    }
}
