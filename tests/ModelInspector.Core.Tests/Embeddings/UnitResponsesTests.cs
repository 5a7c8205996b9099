using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class UnitResponsesTests
{
    [Fact]
    public void Units_that_answer_to_the_same_samples_lie_together_however_loudly()
    {
        var activations = Families(200, out var family);
        var units = UnitResponses.Of(activations).Rows;
        var near = new ExactNeighbors().Index(units, Job.Quiet()).All(1, Job.Quiet());
        for (var unit = 0; unit < units.Rows; unit++) Assert.Equal(family[unit], family[near.Of(unit)[0]]);
    }

    [Fact]
    public void The_squared_distance_is_twice_the_samples_times_one_minus_the_correlation()
    {
        var activations = Clouds.Noise(50, 2);
        var units = UnitResponses.Of(activations).Rows;
        var (a, b) = (Column(activations, 0), Column(activations, 1));
        var correlation = a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum()
            / Math.Sqrt(a.Sum(x => Math.Pow(x - a.Average(), 2)) * b.Sum(y => Math.Pow(y - b.Average(), 2)));
        var squared = units.Row(0).ToArray().Zip(units.Row(1).ToArray(), (x, y) => Math.Pow(x - y, 2)).Sum();
        Assert.Equal(2 * 50 * (1 - correlation), squared, 1e-3);
    }

    [Fact]
    public void A_unit_that_never_changes_is_silent()
    {
        var activations = Clouds.Noise(30, 4);
        for (var row = 0; row < 30; row++) activations[row, 2] = 7;
        var units = UnitResponses.Of(activations);
        Assert.Equal(2, Assert.Single(units.Silent));
        Assert.All(units.Rows.Row(2).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void The_preferred_class_is_the_planted_one_and_shuffled_labels_have_none_to_speak_of()
    {
        var activations = Families(300, out var family);
        int[] labels = [.. Enumerable.Range(0, 300).Select(row => row % 3)];
        Assert.Equal(family, UnitResponses.Preferences(activations, labels).Select(unit => unit.Class));
        var selective = UnitResponses.Preferences(activations, labels).Average(unit => unit.Selectivity);
        var shuffled = new Randomness(3).Choose(300, 300).Select(row => labels[row]).ToArray();
        Assert.True(selective > 4 * UnitResponses.Preferences(activations, shuffled).Average(unit => unit.Selectivity));
    }

    [Fact]
    public void Without_labels_no_class_is_preferred() => Assert.All(UnitResponses.Preferences(Clouds.Noise(10, 3), []), unit => Assert.Equal((-1, 0), unit));

    // 12 units in three families: each answers to every third sample, at a loudness of its own.
    private static Matrix Families(int samples, out int[] family)
    {
        var data = Clouds.Noise(samples, 12);
        family = [.. Enumerable.Range(0, 12).Select(unit => unit % 3)];
        for (var row = 0; row < samples; row++)
            for (var unit = 0; unit < 12; unit++) data[row, unit] = (1 + unit) * (4 + 0.3f * data[row, unit] + (row % 3 == unit % 3 ? 3 : 0));
        return data;
    }

    private static double[] Column(Matrix data, int column) => [.. Enumerable.Range(0, data.Rows).Select(row => (double)data[row, column])];
}
