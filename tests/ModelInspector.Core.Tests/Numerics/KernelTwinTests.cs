using ModelInspector.Core.Tests.Embeddings;
using ModelInspector.Embeddings;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Numerics;

/// <summary>Hand-written vectors against the obvious loop.</summary>
public class KernelTwinTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(6, 16, 5)]
    [InlineData(7, 17, 300)]
    [InlineData(100, 2050, 9)]
    [InlineData(1000, 3, 260)]
    public void A_dense_product_is_the_sum_of_products(int rows, int columns, int depth)
    {
        var (a, b) = (Clouds.Noise(rows, depth), Clouds.Noise(depth, columns, seed: 2));
        var product = Gemm.Multiply(new Operand(a), new Operand(b));
        var turned = Gemm.Multiply(new Operand(b).Transposed, new Operand(a).Transposed);
        for (var i = 0; i < rows; i += 1 + rows / 13)
            for (var j = 0; j < columns; j += 1 + columns / 17)
            {
                var sum = 0.0;
                for (var p = 0; p < depth; p++) sum += (double)a[i, p] * b[p, j];
                Assert.Equal(sum, product[i, j], 1e-4);
                Assert.Equal(sum, turned[j, i], 1e-4);
            }
    }

    [Fact]
    public void Attraction_in_vectors_is_attraction_entry_by_entry()
    {
        var (near, points) = (new ExactNeighbors().Index(Clouds.Noise(500, 5), Job.Quiet()).All(33, Job.Quiet()), Clouds.Noise(500, 2, seed: 8));
        using var joined = Affinities.Joint(near, Affinities.Conditional(near, 11));
        var graph = new AttractionGraph(joined);
        Matrix fast = new(500, 2), slow = new(500, 2);
        graph.Forces(points, fast);
        graph.AnyAxes(points, slow, 0, 500);
        for (var i = 0; i < 1000; i++) Assert.Equal(slow.Values[i], fast.Values[i], 1e-5f * slow.Values.Max());
    }

    [Fact]
    public void Attraction_with_values_of_16_bits_is_attraction_in_double()
    {
        var near = new ExactNeighbors().Index(Clouds.Noise(400, 5), Job.Quiet()).All(30, Job.Quiet());
        using var joined = Affinities.Joint(near, Affinities.Conditional(near, 10));
        var (joint, points, forces) = (joined.Store(), Clouds.Noise(400, 2, seed: 8), new Matrix(400, 2));
        new AttractionGraph(joined).Forces(points, forces);
        for (var i = 0; i < 400; i++)
        {
            double sum = 0, size = 0;
            for (var k = 0; k < joint.ColumnsOf(i).Length; k++)
            {
                var j = joint.ColumnsOf(i)[k];
                double dx = points[i, 0] - points[j, 0], dy = points[i, 1] - points[j, 1];
                var pull = joint.ValuesOf(i)[k] * dx / (1 + dx * dx + dy * dy);
                (sum, size) = (sum + pull, size + Math.Abs(pull));
            }
            Assert.Equal(sum, forces[i, 0], size / 4096);
        }
    }

    [Fact]
    public void A_step_in_vectors_is_a_step_coordinate_by_coordinate()
    {
        var start = Enumerable.Range(0, 5).Select(k => Clouds.Noise(1, 43, seed: (ulong)k).Values).ToArray();
        for (var i = 0; i < 43; i++) start[4][i] = MathF.Abs(start[4][i]);
        var rates = new MomentumStep.Rates(4, 0.5f, 2, 5);
        float[][] whole = [.. start.Select(values => (float[])values.Clone())], single = [.. start.Select(values => (float[])values.Clone())];
        var squares = MomentumStep.Apply(whole[0], whole[1], whole[2], whole[3], whole[4], rates);
        var sum = 0.0;
        for (var i = 0; i < 43; i++)
            sum += MomentumStep.Apply(single[0].AsSpan(i, 1), single[1].AsSpan(i), single[2].AsSpan(i), single[3].AsSpan(i), single[4].AsSpan(i), rates);
        Assert.Equal(sum, squares, 1e-4 * sum);
        for (var part = 0; part < 5; part++)
            for (var i = 0; i < 43; i++) Assert.Equal(single[part][i], whole[part][i], 1e-5f);
        Assert.Contains(whole[3], moved => Math.Abs(moved) == 5);
    }

    [Fact]
    public void Spline_weights_sum_to_one_and_slopes_are_their_derivatives()
    {
        for (var t = 0.05f; t < 0.95f; t += 0.1f)
        {
            Assert.Equal(1, System.Runtime.Intrinsics.Vector128.Sum(CubicGrid.Weights(t)), 1e-6);
            var difference = (CubicGrid.Weights(t + 0.01f) - CubicGrid.Weights(t - 0.01f)) / 0.02f;
            for (var node = 0; node < 4; node++) Assert.Equal(difference[node], CubicGrid.Slopes(t)[node], 1e-3);
        }
    }
}
