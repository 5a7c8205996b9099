using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Numerics;

public class QuantileSketchTests
{
    private const int Many = 200_000;

    public static TheoryData<string> Orders => ["random", "rising", "falling", "heavy", "two values", "half zeros"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_quantile_has_the_rank_it_should_within_the_stated_error(string order)
    {
        var values = Values(order, Many);
        var sketch = Filled(values, seed: 5);
        var sorted = values.Order().ToArray();
        Assert.Equal(Many, sketch.Count);
        foreach (var q in new[] { 0.01, 0.25, 0.5, 0.9, 0.99, 0.999 })
        {
            var (low, high) = Ranks(sorted, sketch.Quantile(q));
            Assert.True(low - sketch.RankError <= q && q <= high + sketch.RankError, $"q = {q}: rank {low} … {high}");
        }
    }

    [Fact]
    public void Few_values_are_all_kept_and_quantiles_exact()
    {
        var sketch = Filled([5, 1, 4, 2, 3], seed: 0);
        Assert.Equal(0, sketch.RankError);
        Assert.Equal([1, 1, 2, 3, 5, 5], new[] { 0, 0.2, 0.4, 0.5, 0.99, 1 }.Select(sketch.Quantile));
    }

    [Fact]
    public void Memory_grows_with_the_logarithm_of_the_values_only()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Filled(Values("random", 1 << 20), seed: 1);
        var values = sizeof(float) * (1 << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, values, 3 * values);
    }

    [Fact]
    public void The_same_values_and_seed_give_the_same_bits_however_they_are_cut()
    {
        var values = Values("random", 50_000);
        var whole = Filled(values, seed: 9);
        var parts = new QuantileSketch(seed: 9);
        for (var i = 0; i < values.Length; i += 777) parts.Add(values.AsSpan(i, Math.Min(777, values.Length - i)));
        Assert.Equal(whole.Quantile(0.99), parts.Quantile(0.99));
    }

    [Fact]
    public void What_is_no_number_is_left_out_and_infinities_are_the_greatest()
    {
        var sketch = Filled([float.NaN, 1, 2, float.PositiveInfinity], seed: 0);
        Assert.Equal(3, sketch.Count);
        Assert.Equal(2, sketch.Quantile(0.5));
        Assert.Equal(float.PositiveInfinity, sketch.Quantile(1));
    }

    [Fact]
    public void Nothing_has_no_quantile() => Assert.Equal(float.NaN, new QuantileSketch().Quantile(0.5));

    [Fact]
    public void A_share_that_is_none_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new QuantileSketch().Quantile(1.01));

    private static QuantileSketch Filled(float[] values, ulong seed)
    {
        var sketch = new QuantileSketch(seed: seed);
        sketch.Add(values);
        return sketch;
    }

    private static float[] Values(string order, int count)
    {
        var random = new Randomness(3);
        return [.. Enumerable.Range(0, count).Select(i => order switch
        {
            "rising" => i,
            "falling" => -i,
            "heavy" => (float)Math.Pow(random.Uniform((ulong)i), -2),
            "two values" => i % 100 == 0 ? 1f : 0f,
            "half zeros" => Math.Max(0f, (float)random.Normal((ulong)i)),
            _ => (float)random.Normal((ulong)i),
        })];
    }

    // Equal values share ranks: from the share below to the share below or equal.
    private static (double Low, double High) Ranks(float[] sorted, float value) =>
        ((double)sorted.Count(one => one < value) / sorted.Length, (double)sorted.Count(one => one <= value) / sorted.Length);
}
