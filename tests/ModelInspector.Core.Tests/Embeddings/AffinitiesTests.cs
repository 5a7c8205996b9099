using ModelInspector.Embeddings;
using ModelInspector.Neighbors;

namespace ModelInspector.Core.Tests.Embeddings;

public class AffinitiesTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(30)]
    [InlineData(1.5)]
    public void Every_row_has_the_perplexity_asked_for(double perplexity)
    {
        var near = Near(400, Affinities.Neighbors(perplexity, 400));
        var weights = Affinities.Conditional(near, perplexity);
        for (var row = 0; row < 400; row++)
        {
            var mine = weights.AsSpan(row * near.Count, near.Count).ToArray();
            Assert.Equal(1, mine.Sum(weight => (double)weight), 1e-5);
            Assert.Equal(perplexity, Math.Exp(-mine.Where(weight => weight > 0).Sum(weight => weight * Math.Log(weight))), perplexity * 1e-4);
        }
    }

    [Fact]
    public void Weights_are_a_gaussian_of_distance()
    {
        var near = Near(200, 60);
        var weights = Affinities.Conditional(near, 20);
        for (var row = 0; row < 200; row++)
        {
            double Beta(int a, int b) => Math.Log(weights[row * 60 + a] / (double)weights[row * 60 + b])
                / (Math.Pow(near.DistancesOf(row)[b], 2) - Math.Pow(near.DistancesOf(row)[a], 2));
            Assert.Equal(Beta(0, 20), Beta(3, 30), 1e-3 * Beta(0, 20));
        }
    }

    [Fact]
    public void Joint_affinities_are_symmetric_and_sum_to_one()
    {
        var near = Near(300, 30);
        using var joined = Affinities.Joint(near, Affinities.Conditional(near, 10));
        var joint = joined.Store();
        Assert.Equal(1, joint.Values.Sum(value => (double)value), 1e-5);
        for (var row = 0; row < 300; row++)
        {
            var columns = joint.ColumnsOf(row).ToArray();
            Assert.Equal(columns.Distinct().Order(), columns);
            for (var k = 0; k < columns.Length; k++)
                Assert.Equal(joint.ValuesOf(row)[k], joint.ValuesOf(columns[k])[joint.ColumnsOf(columns[k]).IndexOf(row)]);
        }
    }

    [Fact]
    public void Several_perplexities_are_averaged()
    {
        var near = Near(200, 90);
        float[] narrow = Affinities.Conditional(near, 5), wide = Affinities.Conditional(near, 30), both = Affinities.Conditional(near, 5, 30);
        for (var i = 0; i < both.Length; i++) Assert.Equal((narrow[i] + wide[i]) / 2, both[i], 1e-6);
    }

    [Fact]
    public void Neighbours_at_the_same_distance_get_the_same_weight()
    {
        var near = new NeighborTable(2, 4, [1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 2, 2, 2, 2]);
        Assert.All(Affinities.Conditional(near, 2), weight => Assert.Equal(0.25f, weight, 1e-6f));
    }

    private static NeighborTable Near(int rows, int count) => new ExactNeighbors().Index(Clouds.Noise(rows, 6), Job.Quiet()).All(count, Job.Quiet());
}
