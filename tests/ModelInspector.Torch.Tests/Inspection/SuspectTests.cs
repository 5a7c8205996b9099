using System.Collections.Immutable;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Inspection;

namespace ModelInspector.Torch.Tests.Inspection;

public class SuspectTests
{
    private static readonly ImmutableArray<int> Alternating = [0, 1, 0, 1];

    [Fact]
    public void A_sample_is_tested_with_the_rectangle_that_the_other_half_found()
    {
        var suspect = Assert.Single(Suspect.Among([new(0, 0, 4, 4)], [new(2, 2, 4, 4)], Alternating));
        Assert.Equal(new Region(2, 2, 4, 4), suspect.For(0));
        Assert.Equal(new Region(0, 0, 4, 4), suspect.For(1));
        Assert.Equal(new Region(0, 0, 6, 6), suspect.Frame);
    }

    [Fact]
    public void A_place_that_only_one_half_points_at_is_not_tested() =>
        Assert.Empty(Suspect.Among([new(0, 0, 4, 4)], [new(20, 20, 4, 4)], Alternating));

    [Fact]
    public void A_place_of_one_half_answers_to_one_place_of_the_other() =>
        Assert.Single(Suspect.Among([new(0, 0, 4, 4), new(2, 2, 4, 4)], [new(1, 1, 4, 4)], Alternating));

    [Fact]
    public void A_patient_is_in_one_half_only_and_the_halves_are_equally_large()
    {
        ImmutableArray<string> patients = [.. Enumerable.Range(0, 60).Select(sample => $"P{sample % 10}")];
        var halves = Halves.Of(60, patients, 5);
        Assert.All(Enumerable.Range(0, 60), sample => Assert.Equal(halves[sample % 10], halves[sample]));
        Assert.Equal(30, halves.Sum());
        Assert.NotEqual(halves, Halves.Of(60, patients, 6));
    }

    [Fact]
    public void Without_patients_every_sample_is_its_own_unit() => Assert.Equal(4, Halves.Of(9, [], 1).Sum());
}
