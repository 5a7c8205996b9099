using System.Collections.Immutable;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using Xunit.Abstractions;

namespace ModelInspector.Core.Tests.Evaluation.Shortcuts;

public sealed class ShortcutVerdictTests(ITestOutputHelper output)
{
    private static readonly ShortcutVerdict Quick = new(Resamples: 200);

    [Fact]
    public void A_planted_shortcut_is_found_with_effect_control_and_harm()
    {
        var verdict = Judge(Evidence(1, flips: 0.6));
        Assert.Equal(VerdictState.ShortcutFound, verdict.State);
        Assert.Matches(@"^Shortcut found: [56]\d % of decisions flipped when rows 0–9, columns 110–127 were replaced\.$", verdict.Title);
        var test = verdict.Tests[0];
        Assert.True(test.Found && test.PValue < 0.001);
        Assert.InRange(test.Effect.Estimate, 0.5, 0.7);
        Assert.InRange(test.Control!.Estimate, 0.02, 0.1);
        Assert.True(test.Effect.Low > test.Control.High);
    }

    [Fact]
    public void Almost_all_is_not_called_all_and_almost_none_not_none()
    {
        string Said(int flipped, int of) => Judge(new ShortcutEvidence(of, of)
        {
            Regions = [new("a region", [.. Enumerable.Range(0, of).Select(i => i < flipped ? 1.0 : 0)], [[.. new double[of]]], "random regions", "share of decisions flipped")],
        }).Sentences.First(sentence => sentence.StartsWith("Replacing", StringComparison.Ordinal));
        Assert.Contains("a region: 99.6 % [", Said(996, 1000), StringComparison.Ordinal);
        Assert.Contains("a region: > 99.9 % [", Said(9_999, 10_000), StringComparison.Ordinal);
        Assert.Contains("a region: < 0.1 % [", Said(4, 10_000), StringComparison.Ordinal);
        Assert.Contains("a region: 100 % [", Said(200, 200), StringComparison.Ordinal);
        Assert.Contains("a region: 50 % [", Said(100, 200), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("studies", "With 1 study,")]
    [InlineData("boxes", "With 1 box,")]
    [InlineData("patients", "With 1 patient,")]
    public void The_verdict_names_its_units_and_keeps_their_name(string units, string said)
    {
        var verdict = Judge(new ShortcutEvidence(4, 4)
        {
            Units = ["a", "a", "a", "a"],
            UnitName = units,
            Regions = [new("a region", [0, 0, 0, 0], [[0, 0, 0, 0]], "random regions", "share of decisions flipped")],
        });
        Assert.Contains(verdict.Sentences, sentence => sentence.StartsWith(said, StringComparison.Ordinal));
        Assert.Equal(units, verdict.From.Settings["units"]);
    }

    [Fact]
    public void Without_any_effect_false_alarms_stay_below_five_in_a_hundred()
    {
        var states = Enumerable.Range(0, 120).Select(trial => Judge(Evidence((ulong)trial, flips: 0.05, samples: 60), (ulong)trial).State).ToList();
        Assert.DoesNotContain(VerdictState.CannotTell, states);
        Assert.InRange(states.Count(state => state != VerdictState.NoneFound) / 120.0, 0, 0.05);
    }

    [Fact]
    public void Among_patients_with_several_images_false_alarms_stay_below_five_in_a_hundred()
    {
        var alarms = Enumerable.Range(0, 150).Count(trial =>
        {
            // Every image of a patient behaves alike, and 20 patients are not 100 independent images.
            var random = new Randomness((ulong)trial, 3);
            ImmutableArray<double> Flips(int stream) => [.. Enumerable.Range(0, 100).Select(i => random.Uniform((ulong)(stream * 1000 + i / 5)) < 0.2 ? 1.0 : 0)];
            var evidence = new ShortcutEvidence(100, 100)
            {
                Units = [.. Enumerable.Range(0, 100).Select(i => $"p{i / 5}")],
                Regions = [new("a region", Flips(0), [Flips(1), Flips(2), Flips(3)], "random regions", "share of decisions flipped")],
            };
            return Judge(evidence, (ulong)trial).State == VerdictState.ShortcutFound;
        });
        Assert.InRange(alarms / 150.0, 0, 0.05);
    }

    [Theory]
    [InlineData(0.6, VerdictState.ShortcutFound)]
    [InlineData(0.3, VerdictState.NoneFound)]
    public void A_region_whose_replacement_flips_decisions_is_a_shortcut_only_if_what_stands_there_tells_the_class(double otherwise, VerdictState expected)
    {
        var verdict = Judge(Exchanged(Evidence(1, flips: 0.6), otherwise, alike: 0.3));
        Assert.Equal(expected, verdict.State);
        Assert.Equal(expected == VerdictState.ShortcutFound, verdict.Tests[0].Found);
        Assert.Contains(verdict.Sentences, sentence => sentence.Contains("of an image decided otherwise in its place", StringComparison.Ordinal) && sentence.Contains("of one decided alike", StringComparison.Ordinal));
    }

    [Fact]
    public void A_region_that_tells_the_class_but_whose_replacement_flips_nothing_is_no_shortcut() =>
        Assert.NotEqual(VerdictState.ShortcutFound, Judge(Exchanged(Evidence(1, flips: 0.05), otherwise: 0.6, alike: 0.05)).State);

    [Fact]
    public void Context_that_matters_but_tells_no_class_raises_no_more_false_alarms_than_five_in_a_hundred() =>
        Assert.InRange(Enumerable.Range(0, 120).Count(trial => Judge(Exchanged(Evidence((ulong)trial, flips: 0.4, samples: 60), 0.2, 0.2, (ulong)trial), (ulong)trial).State == VerdictState.ShortcutFound) / 120.0, 0, 0.05);

    [Fact]
    public void Where_no_image_is_decided_otherwise_nothing_can_be_told()
    {
        var evidence = Exchanged(Evidence(1, flips: 0.6), double.NaN, 0.1);
        var verdict = Judge(evidence);
        Assert.Equal(VerdictState.CannotTell, verdict.State);
        Assert.Contains(verdict.Sentences, sentence => sentence.Contains("no image decided otherwise has that region", StringComparison.Ordinal));
    }

    [Fact]
    public void Attribution_outside_without_an_effect_is_suspicious()
    {
        var verdict = Judge(Evidence(1, flips: 0.05, outside: 0.25));
        Assert.Equal(VerdictState.Suspicious, verdict.State);
        Assert.Contains("no intervention confirms", verdict.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Accuracy_that_depends_on_a_column_is_suspicious_and_the_harm_is_listed_worst_first()
    {
        var verdict = Judge(Evidence(1, flips: 0.05, harm: 0.5));
        Assert.Equal(VerdictState.Suspicious, verdict.State);
        Assert.Equal("Suspicious: decisions are worse where `marker` is `absent`, but no intervention shows why.", verdict.Title);
        Assert.Equal(("marker", "absent"), (verdict.Harm[0].Column, verdict.Harm[0].Value));
        Assert.InRange(verdict.Harm[0].Accuracy.Estimate, 0.2, 0.6);
        Assert.True(verdict.Harm[0].Accuracy.Estimate < verdict.Harm[1].Accuracy.Estimate);
        Assert.InRange(verdict.Harm[0].Accuracy.Estimate, verdict.Harm[0].Accuracy.Low, verdict.Harm[0].Accuracy.High);
    }

    [Fact]
    public void None_found_says_which_effect_could_have_been_seen()
    {
        var verdict = Judge(Evidence(1, flips: 0.05));
        Assert.Equal(VerdictState.NoneFound, verdict.State);
        Assert.Equal("No shortcut found by 4 tests.", verdict.Title);
        Assert.InRange(verdict.SmallestEffect!.Value, 0.05, 0.2);
        Assert.Contains(verdict.Sentences, sentence => sentence.Contains("would have been found with a probability of 80 %", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_masks_nothing_can_be_told_whatever_the_tests_say()
    {
        var verdict = Judge(Evidence(1, flips: 0.6) with { Masked = 0 });
        Assert.Equal(VerdictState.CannotTell, verdict.State);
        Assert.Contains("no image has a mask", verdict.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_samples_cannot_tell()
    {
        var verdict = Judge(Evidence(1, flips: 0.05, samples: 8));
        Assert.Equal(VerdictState.CannotTell, verdict.State);
        Assert.Contains("8 images are too few", verdict.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_samples_still_find_a_shortcut_that_always_works() =>
        Assert.Equal(VerdictState.ShortcutFound, Judge(Evidence(1, flips: 1, samples: 12)).State);

    [Fact]
    public void Where_every_patient_says_the_same_the_interval_still_has_a_width()
    {
        var effect = Judge(Evidence(1, flips: 1, samples: 12)).Tests[0].Effect;
        Assert.Equal((1, 1), (effect.Estimate, effect.High));
        Assert.Equal(0.7575, effect.Low, 4); // Wilson's lower bound of 12 out of 12
    }

    [Fact]
    public void What_keeps_an_intervention_from_telling_anything_is_the_verdict()
    {
        var verdict = Judge(Evidence(1, flips: 0.05) with { Regions = [], Obstacle = "all images are of one class" });
        Assert.Equal((VerdictState.CannotTell, "Cannot tell: all images are of one class."), (verdict.State, verdict.Title));
    }

    [Fact]
    public void A_failed_check_takes_the_trust_from_maps_but_not_from_an_intervention()
    {
        ImmutableArray<TrustCheck> failed = [new("sanity check", false, "Maps stay the same when weights are randomised.")];
        var maps = Judge(Evidence(1, flips: 0.05, outside: 0.25) with { Checks = failed });
        Assert.Equal(VerdictState.CannotTell, maps.State);
        Assert.Equal("Cannot tell: the sanity check failed.", maps.Title);
        Assert.Contains(maps.Sentences, sentence => sentence.StartsWith("The sanity check failed: maps stay", StringComparison.Ordinal));
        Assert.Equal(VerdictState.ShortcutFound, Judge(Evidence(1, flips: 0.6) with { Checks = failed }).State);
    }

    [Fact]
    public void Without_a_suspected_region_enough_images_with_attribution_inside_say_none_found()
    {
        var evidence = Evidence(1, flips: 0.05) with { Regions = [] };
        Assert.Equal(VerdictState.NoneFound, Judge(evidence).State);
        Assert.Null(Judge(evidence).SmallestEffect);
        Assert.Equal(VerdictState.CannotTell, Judge(Evidence(1, flips: 0.05, samples: 10) with { Regions = [] }).State);
        Assert.Equal(VerdictState.CannotTell, Judge(new ShortcutEvidence(100, 100)).State);
    }

    [Fact]
    public void An_effect_that_is_certain_but_tiny_is_not_called_found()
    {
        var ones = Enumerable.Repeat(1.0, 20).Concat(Enumerable.Repeat(0.0, 980)).ToImmutableArray();
        var evidence = new ShortcutEvidence(1000, 1000) { Regions = [new("a region", ones, [[.. new double[1000]]], "random regions", "share of decisions flipped")] };
        var verdict = Judge(evidence);
        Assert.True(verdict.Tests[0].PValue < 1e-5);
        Assert.False(verdict.Tests[0].Found);
        Assert.Equal(VerdictState.NoneFound, verdict.State);
    }

    [Fact]
    public void Samples_that_were_not_tested_do_not_count()
    {
        var evidence = Evidence(1, flips: 0.6);
        var region = evidence.Regions[0];
        var half = region with { Effect = [.. region.Effect.Select((value, i) => i % 2 == 0 ? value : double.NaN)] };
        var verdict = Judge(evidence with { Regions = [half] });
        Assert.Equal((100, 100), (verdict.Tests[0].Effect.Count, verdict.Tests[0].Control!.Count));
    }

    [Fact]
    public void Columns_without_groups_are_left_out()
    {
        var evidence = Evidence(1, flips: 0.05) with
        {
            Units = [.. Enumerable.Range(0, 200).Select(i => $"p{i / 20}")],
            Columns =
            [
                new("constant", [.. Enumerable.Repeat("a", 200)]),
                new("number", [.. Enumerable.Range(0, 200).Select(i => $"{i}")]),
                new("patient", [.. Enumerable.Range(0, 200).Select(i => $"p{i / 20}")]),
                new("empty", [.. Enumerable.Repeat("", 200)]),
            ],
        };
        Assert.Empty(Judge(evidence).Harm);
        Assert.DoesNotContain(Judge(evidence).Tests, test => test.Name.StartsWith("errors", StringComparison.Ordinal));
    }

    [Fact]
    public void A_column_of_patients_is_shuffled_between_patients()
    {
        // Two scanners, five patients each; one patient is hard. Image by image that would look certain.
        ImmutableArray<bool?> correct = [.. Enumerable.Range(0, 200).Select(i => (bool?)(i / 20 != 3))];
        var evidence = new ShortcutEvidence(200, 200)
        {
            Units = [.. Enumerable.Range(0, 200).Select(i => $"p{i / 20}")],
            Correct = correct,
            Columns = [new("scanner", [.. Enumerable.Range(0, 200).Select(i => i / 20 < 5 ? "A" : "B")])],
        };
        Assert.True(Assert.Single(Judge(evidence).Tests).PValue > 0.3);
        Assert.True(Assert.Single(Judge(evidence with { Units = [] }).Tests).PValue < 0.001);
    }

    [Fact]
    public void Same_seed_same_verdict_at_any_thread_count()
    {
        var one = Threads.With(1, () => Judge(Evidence(3, flips: 0.2)));
        var many = Threads.With(3, () => Judge(Evidence(3, flips: 0.2)));
        Assert.Equal(one.Tests.AsEnumerable(), many.Tests);
        Assert.Equal(one.Sentences.AsEnumerable(), many.Sentences);
    }

    [Fact]
    public void A_cancelled_verdict_stops() =>
        Assert.Throws<OperationCanceledException>(() => Quick.Judge(Evidence(1, flips: 0.6), Job.Quiet() with { Cancel = new CancellationToken(canceled: true) }));

    [Fact]
    public void Its_settings_are_in_its_provenance()
    {
        var from = Judge(Evidence(1, flips: 0.6)).From;
        Assert.Equal(("shortcut-verdict", "0.05", "200"), (from.Method, from.Settings["alpha"], from.Settings["resamples"]));
    }

    private Verdict Judge(ShortcutEvidence evidence, ulong seed = 0)
    {
        var verdict = Quick.Judge(evidence, Job.Quiet(seed));
        if (seed != 0) return verdict;
        output.WriteLine(verdict.Title);
        foreach (var sentence in verdict.Sentences) output.WriteLine("  " + sentence);
        return verdict;
    }

    // The first region taken from other images as well; the second left out.
    private static ShortcutEvidence Exchanged(ShortcutEvidence evidence, double otherwise, double alike, ulong seed = 5)
    {
        var random = new Randomness(seed, 9);
        ImmutableArray<double> Flips(int stream, double rate) =>
            [.. Enumerable.Range(0, evidence.Samples).Select(i => double.IsNaN(rate) ? rate : random.Uniform((ulong)(stream * 10000 + i)) < rate ? 1.0 : 0)];
        return evidence with { Regions = [evidence.Regions[0] with { Exchange = new(Flips(0, otherwise), [Flips(1, alike), Flips(2, alike), Flips(3, alike)]) }] };
    }

    // Two regions of which the first may do something, a map, and two columns of which one may matter.
    private static ShortcutEvidence Evidence(ulong seed, double flips, double outside = 0, double harm = 0, int samples = 200)
    {
        var random = new Randomness(seed, 8);
        ImmutableArray<double> Flips(int stream, double rate) => [.. Enumerable.Range(0, samples).Select(i => random.Uniform((ulong)(stream * 10000 + i)) < rate ? 1.0 : 0)];
        ImmutableArray<string> marker = [.. Enumerable.Range(0, samples).Select(i => random.Uniform((ulong)(50000 + i)) < 0.3 ? "absent" : "agrees")];
        return new(samples, samples)
        {
            Regions =
            [
                new("rows 0–9, columns 110–127", Flips(0, flips), [Flips(1, 0.05), Flips(2, 0.05), Flips(3, 0.05)], "equally large random regions", "share of decisions flipped"),
                new("rows 60–70, columns 10–20", Flips(4, 0.05), [Flips(5, 0.05), Flips(6, 0.05), Flips(7, 0.05)], "equally large random regions", "share of decisions flipped"),
            ],
            Outside = [new("sam at layer4", [.. Enumerable.Range(0, samples).Select(i => 0.5 + outside + 0.2 * random.Normal((ulong)(60000 + i)))], [.. Enumerable.Repeat(0.5, samples)], "an even map")],
            Correct = [.. Enumerable.Range(0, samples).Select(i => (bool?)(random.Uniform((ulong)(80000 + i)) < 0.9 - (marker[i] == "absent" ? harm : 0)))],
            Columns = [new("marker", marker)],
        };
    }
}
