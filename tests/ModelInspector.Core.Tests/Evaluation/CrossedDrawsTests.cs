using System.Collections.Immutable;
using ModelInspector.Evaluation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation;

public sealed class CrossedDrawsTests
{
    [Fact]
    public void One_repeat_has_the_interval_of_its_images_and_copies_of_it_add_no_certainty()
    {
        ImmutableArray<string> patients = [.. Enumerable.Range(0, 30).Select(i => $"p{i / 3}")];
        var values = Normal(30, 1);
        values[4] = double.NaN;
        var plain = new Bootstrap().Over(patients, 30, 7).Mean(values);
        Near(plain, new Bootstrap().Crossed(1, patients, 30, 7).Mean([values]).Value);
        Near(plain, new Bootstrap().Crossed(4, patients, 30, 7).Mean([values, values, values, values]).Value);
    }

    [Fact]
    public void Repeats_that_differ_widen_the_interval_though_all_images_agree()
    {
        double[][] values = [[0, 0, 0], [1, 1, 1]];
        var (value, _) = new Bootstrap().Crossed(2, [], 3, 1).Mean(values);
        Assert.Equal(new Interval(0.5, 0, 1, 3), value); // one draw in four takes the first twice, one the second twice
        double[][] many = [.. Normal(60, 2).Select(mean => Enumerable.Repeat(mean, 4).ToArray())];
        var (wide, _) = new Bootstrap(4000).Crossed(60, [], 4, 1).Mean(many);
        var means = many.Select(repeat => repeat[0]).ToArray();
        var error = Math.Sqrt(means.Sum(mean => (mean - means.Average()) * (mean - means.Average()))) / 60;
        Assert.Equal(2 * 1.96 * error, wide.High - wide.Low, 0.08 * 2 * 1.96 * error);
    }

    [Fact]
    public void An_image_counts_once_however_many_repeats_have_a_value_of_it()
    {
        double[][] values = [[1, double.NaN], [1, double.NaN], [1, 5]];
        Assert.Equal(3, new Bootstrap().Crossed(3, [], 2, 1).Mean(values).Value.Estimate, 1e-12);
    }

    [Fact]
    public void The_interval_covers_the_true_mean_where_repeats_and_patients_both_vary()
    {
        var covered = Enumerable.Range(0, 200).Count(trial =>
        {
            var (repeats, patients) = (Normal(15, 100 + (ulong)trial), Normal(20, 1000 + (ulong)trial));
            var (value, _) = new Bootstrap(250).Crossed(15, [], 20, (ulong)trial).Mean([.. repeats.Select(repeat => patients.Select(patient => repeat + patient).ToArray())]);
            return value.Low <= 0 && 0 <= value.High;
        });
        Assert.InRange(covered / 200.0, 0.88, 0.98);
    }

    [Fact]
    public void What_is_never_below_zero_is_as_unlikely_as_draws_can_tell_and_what_is_zero_is_certain()
    {
        var draws = new Bootstrap(999).Crossed(2, [], 3, 1);
        Assert.Equal(2 / 1000.0, draws.Mean([[1, 2, 3], [1, 1, 1]]).P, 1e-12);
        Assert.Equal(2 / 1000.0, draws.Mean([[-1, -2, -3], [-1, -1, -1]]).P, 1e-12);
        Assert.Equal(1, draws.Mean([[0, 0, 0], [0, 0, 0]]).P);
        Assert.Equal(1, draws.Mean([[-1, 1, 0], [1, -1, 0]]).P, 0.2);
        var (value, p) = draws.Mean([[double.NaN, double.NaN, double.NaN], [double.NaN, double.NaN, double.NaN]]);
        Assert.Equal((0, 1), (value.Count, p));
    }

    [Fact]
    public void A_p_value_below_the_level_goes_with_an_interval_apart_from_zero()
    {
        for (var trial = 0UL; trial < 40; trial++)
        {
            var (value, p) = new Bootstrap(999).Crossed(3, [], 12, trial).Mean([.. Enumerable.Range(0, 3).Select(repeat => Normal(12, 10 * trial + (ulong)repeat).Select(x => x + 0.3).ToArray())]);
            if (p is < 0.045 or > 0.055) Assert.Equal(p < 0.05, value.Low > 0 || value.High < 0);
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_and_the_number_of_repeats_must_be_right()
    {
        double[][] values = [Normal(20, 3), Normal(20, 4)];
        Assert.Equal(new Bootstrap().Crossed(2, [], 20, 5).Mean(values), new Bootstrap().Crossed(2, [], 20, 5).Mean(values));
        Assert.NotEqual(new Bootstrap().Crossed(2, [], 20, 5).Mean(values), new Bootstrap().Crossed(2, [], 20, 6).Mean(values));
        Assert.Throws<ArgumentException>(() => new Bootstrap().Crossed(3, [], 20, 5).Mean(values));
    }

    private static double[] Normal(int count, ulong stream)
    {
        var random = new Randomness(21, stream);
        return [.. Enumerable.Range(0, count).Select(i => random.Normal((ulong)i))];
    }

    private static void Near(Interval expected, Interval actual)
    {
        Assert.Equal(expected.Estimate, actual.Estimate, 1e-12);
        Assert.Equal(expected.Low, actual.Low, 1e-12);
        Assert.Equal(expected.High, actual.High, 1e-12);
        Assert.Equal(expected.Count, actual.Count);
    }
}
