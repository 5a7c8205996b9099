using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Numerics;

public sealed class RankOrderTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 4, 5, 6 }, 1, 1)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 6, 5, 4 }, -1, -1)]
    [InlineData(new double[] { 1, 2, 3 }, new double[] { 1, 3, 2 }, 0.5, 1 / 3.0)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 2, 4, 1, 3 }, 0, 0)]
    // Ranks 0, 1, 2, 3 and 0.5, 0.5, 3, 2; of six pairs one is tied, four in order, one not: 3/√(6 · 5).
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 0, 0, 9, 5 }, 0.7378647873726218, 0.5477225575051661)]
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, double.NaN, double.NaN)]
    public void Both_statistics_equal_the_values_computed_by_hand(double[] a, double[] b, double spearman, double kendall)
    {
        Assert.Equal(spearman, RankOrder.Correlation(a, b), 1e-12);
        Assert.Equal(kendall, RankOrder.Concordance(a, b), 1e-12);
        Assert.Equal(kendall, RankOrder.Concordance(b, a), 1e-12);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(50, 3)]
    [InlineData(200, 20)]
    [InlineData(301, 100000)]
    public void Concordance_equals_a_count_of_all_pairs(int count, int levels)
    {
        var random = new Randomness(5);
        double[] a = [0, 1, .. Enumerable.Range(0, count).Select(i => (double)random.Below(levels, (ulong)i))];
        double[] b = [1, 0, .. Enumerable.Range(0, count).Select(i => (double)random.Below(levels, (ulong)(1000 + i)))];
        long sum = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
            for (var j = 0; j < i; j++)
            {
                var (x, y) = (a[i].CompareTo(a[j]), b[i].CompareTo(b[j]));
                (sum, left, right) = (sum + x * y, left + x * x, right + y * y);
            }
        Assert.Equal(sum / Math.Sqrt((double)left * right), RankOrder.Concordance(a, b), 1e-12);
    }

    [Fact]
    public void Rows_of_two_lengths_cannot_be_paired() => Assert.Throws<ArgumentException>(() => RankOrder.Concordance([1, 2], [1]));
}
