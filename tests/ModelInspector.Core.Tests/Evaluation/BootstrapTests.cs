using System.Collections.Immutable;
using ModelInspector.Evaluation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation;

public sealed class BootstrapTests
{
    [Fact]
    public void The_interval_covers_the_true_mean_as_often_as_it_says()
    {
        var covered = Enumerable.Range(0, 300).Count(trial =>
        {
            var random = new Randomness((ulong)trial, 9);
            var values = Enumerable.Range(0, 60).Select(i => random.Normal((ulong)i)).ToArray();
            var interval = new Bootstrap(250).Over([], 60, (ulong)trial).Mean(values);
            return interval.Low <= 0 && 0 <= interval.High;
        });
        Assert.InRange(covered / 300.0, 0.90, 0.98);
    }

    [Fact]
    public void Patients_are_drawn_whole_so_that_copies_of_an_image_add_no_certainty()
    {
        var random = new Randomness(4);
        var values = Enumerable.Range(0, 30).Select(i => random.Normal((ulong)i)).ToArray();
        double[] copies = [.. values.SelectMany(value => Enumerable.Repeat(value, 10))];
        ImmutableArray<string> patients = [.. Enumerable.Range(0, 300).Select(i => $"p{i / 10}")];
        var once = new Bootstrap().Over([], 30, 1).Mean(values);
        var ten = new Bootstrap().Over(patients, 300, 1).Mean(copies);
        var fooled = new Bootstrap().Over([], 300, 1).Mean(copies);
        Assert.Equal(30, ten.Count);
        Assert.Equal(once.Low, ten.Low, 1e-12);
        Assert.Equal(once.High, ten.High, 1e-12);
        Assert.True(fooled.High - fooled.Low < 0.5 * (ten.High - ten.Low));
    }

    [Fact]
    public void Coverage_over_patients_holds_where_images_of_a_patient_are_alike()
    {
        ImmutableArray<string> patients = [.. Enumerable.Range(0, 200).Select(i => $"p{i / 5}")];
        var covered = Enumerable.Range(0, 200).Count(trial =>
        {
            var random = new Randomness((ulong)trial, 10);
            var values = Enumerable.Range(0, 200).Select(i => random.Normal((ulong)(1000 + i / 5)) + 0.3 * random.Normal((ulong)i)).ToArray();
            var interval = new Bootstrap(250).Over(patients, 200, (ulong)trial).Mean(values);
            return interval.Low <= 0 && 0 <= interval.High;
        });
        Assert.InRange(covered / 200.0, 0.88, 0.98);
    }

    [Fact]
    public void Same_seed_same_bits_at_any_thread_count()
    {
        var values = Enumerable.Range(0, 50).Select(i => Math.Sin(i)).ToArray();
        var one = Threads.With(1, () => new Bootstrap().Over([], 50, 7).Mean(values));
        var many = Threads.With(3, () => new Bootstrap().Over([], 50, 7).Mean(values));
        Assert.Equal(one, many);
        Assert.NotEqual(one, new Bootstrap().Over([], 50, 8).Mean(values));
    }

    [Fact]
    public void Images_without_a_value_do_not_count()
    {
        var interval = new Bootstrap().Over([], 4, 0).Mean([1, double.NaN, 3, double.NaN]);
        Assert.Equal((2.0, 2), (interval.Estimate, interval.Count));
        Assert.Equal((1.0, 3.0), (interval.Low, interval.High));
        var none = new Bootstrap().Over([], 2, 0).Mean([double.NaN, double.NaN]);
        Assert.Equal(0, none.Count);
        Assert.True(double.IsNaN(none.Estimate));
        Assert.Equal(new Interval(5, 5, 5, 1), new Bootstrap().Over([], 2, 0).Mean([5, double.NaN]));
    }

    [Fact]
    public void An_image_without_patient_is_a_unit_of_its_own() =>
        Assert.Equal(4, new Bootstrap().Over(["a", "", "a", "", "b"], 5, 0).Units);
}
