using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Shortcuts;

public sealed class ExactTestsTests
{
    [Fact]
    public void With_one_control_the_permutation_test_is_McNemars_exact_test()
    {
        // Five units flip for the suspect only, one for the control only, four for both or none: P(at least 5 of 6 heads) = 7 / 64.
        double[][] units = [[1, 0], [1, 0], [1, 0], [1, 0], [1, 0], [0, 1], [1, 1], [0, 0], [1, 1], [0, 0]];
        Assert.Equal(7.0 / 64, ExactTests.FirstIsLargest(units, 0), 1e-12);
    }

    [Fact]
    public void The_permutation_test_agrees_with_counting_every_arrangement()
    {
        var random = new Randomness(12);
        for (var trial = 0; trial < 20; trial++)
        {
            var units = Enumerable.Range(0, 6).Select(unit => Enumerable.Range(0, 3).Select(i => (double)random.Below(4, (ulong)(trial * 100 + unit * 3 + i))).ToArray()).ToList();
            var observed = units.Sum(unit => unit[0]);
            var reached = Enumerable.Range(0, 729).Count(code => Enumerable.Range(0, 6).Sum(unit => units[unit][code / (int)Math.Pow(3, unit) % 3]) >= observed);
            Assert.Equal(reached / 729.0, ExactTests.FirstIsLargest(units, 0), 1e-12);
        }
    }

    [Fact]
    public void Fractions_are_tested_by_draws_that_agree_with_the_exact_test()
    {
        double[][] units = [.. Enumerable.Range(0, 12).Select(i => new[] { i < 8 ? 1.0 : 0, i % 3 == 0 ? 1 : 0, i % 4 == 0 ? 1 : 0 })];
        var exact = ExactTests.FirstIsLargest(units, 0);
        var drawn = ExactTests.FirstIsLargest([.. units.Select(unit => unit.Select(value => value * 0.3).ToArray())], 5);
        Assert.Equal(exact, drawn, 0.01);
        Assert.Equal(drawn, ExactTests.FirstIsLargest([.. units.Select(unit => unit.Select(value => value * 0.3).ToArray())], 5));
    }

    [Theory]
    [InlineData(10, 10, 1.0 / 1024)]
    [InlineData(10, 9, 11.0 / 1024)]
    [InlineData(10, 0, 1)]
    [InlineData(1, 1, 0.5)]
    [InlineData(0, 0, 1)]
    public void The_sign_test_is_the_binomials_tail(int count, int positive, double expected) =>
        Assert.Equal(expected, ExactTests.Sign([0, double.NaN, .. Enumerable.Range(0, count).Select(i => i < positive ? 0.1 : -3.0)]), 1e-12);

    [Fact]
    public void The_sign_test_of_many_units_does_not_underflow() =>
        Assert.InRange(ExactTests.Sign(Enumerable.Range(0, 20000).Select(i => i % 2 == 0 ? 1.0 : -1.0)), 0.5, 0.51);

    [Fact]
    public void Holm_multiplies_the_smallest_by_the_number_of_tests_and_never_lets_the_order_turn()
    {
        double[] corrected = Holm.Correct([0.01, 0.04, 0.03, 0.005]);
        Assert.Equal([0.03, 0.06, 0.06, 0.02], corrected.Select(value => Math.Round(value, 12)));
        Assert.Equal([1.0], Holm.Correct([0.9999999 * 2]));
        Assert.Empty(Holm.Correct([]));
    }

    [Fact]
    public void The_detectable_effect_is_found_about_four_times_in_five()
    {
        var effect = new DetectableEffect(50, 3, 0.05, 0.05).Find(1)!.Value;
        Assert.InRange(effect, 0.05, 0.3);
        var found = Enumerable.Range(0, 200).Count(trial =>
        {
            var random = new Randomness((ulong)trial, 1234);
            double[][] units = [.. Enumerable.Range(0, 50).Select(unit => Enumerable.Range(0, 4).Select(i => random.Uniform((ulong)(unit * 4 + i)) < (i == 0 ? 0.05 + effect : 0.05) ? 1.0 : 0).ToArray())];
            return ExactTests.FirstIsLargest(units, 0) <= 0.05;
        });
        Assert.InRange(found / 200.0, 0.7, 0.92);
    }

    [Fact]
    public void More_units_see_smaller_effects_and_too_few_see_none()
    {
        Assert.Null(new DetectableEffect(2, 3, 0, 0.05).Find(1));
        Assert.Null(new DetectableEffect(0, 3, 0, 0.05).Find(1));
        Assert.True(new DetectableEffect(400, 3, 0.05, 0.05).Find(1) < new DetectableEffect(40, 3, 0.05, 0.05).Find(1));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, true)]
    public void Forty_patients_and_eight_tests_need_several_control_regions_to_say_none_found(int controls, bool enough) =>
        Assert.Equal(enough, new DetectableEffect(40, controls, 0.02, 0.05 / 8).Find(1) <= new ShortcutVerdict().LargestMissed);
}
