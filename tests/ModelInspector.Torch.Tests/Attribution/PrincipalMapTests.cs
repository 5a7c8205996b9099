using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Eigen-CAM and Eigen-Grad-CAM.</summary>
public class PrincipalMapTests
{
    [Theory]
    [InlineData(4, 30, false)]
    [InlineData(40, 30, false)]
    [InlineData(4, 30, true)]
    [InlineData(40, 30, true)]
    public void Eigen_cam_equals_the_projection_of_a_full_singular_value_decomposition(int channels, int positions, bool centred)
    {
        using var scope = NewDisposeScope();
        var activation = Drawn.Normal(1, 3, channels, 5, positions / 5) + 0.3;
        var map = new EigenCam(Sign.Signed, centred).Map(activation, zeros_like(activation));
        for (var sample = 0; sample < 3; sample++)
        {
            var rows = activation[sample].flatten(1).t().to(ScalarType.Float64);                    // (P, C)
            if (centred) rows -= rows.mean([0], keepdim: true);
            var (_, _, right) = linalg.svd(rows, fullMatrices: true);
            var expected = rows.matmul(right[0]);
            if ((expected * rows.sum(1)).sum().item<double>() < 0) expected = -expected;
            Assert.True(map[sample].flatten().to(ScalarType.Float64).allclose(expected, 1e-5, 1e-5));
        }
    }

    [Fact]
    public void A_layer_of_rank_one_is_given_back_with_the_sign_of_its_sum()
    {
        using var scope = NewDisposeScope();
        var pattern = tensor(new float[] { 3, 0, 1, 2 }).reshape(1, 1, 2, 2);
        var weights = tensor(new float[] { 0.6f, 0.8f }).reshape(1, 2, 1, 1);
        Near.Equal([3, 0, 1, 2], new EigenCam().Map(weights * pattern, zeros(1)), 1e-6);
        Near.Equal([-3, 0, -1, -2], new EigenCam(Sign.Signed).Map(-weights * pattern, zeros(1)), 1e-6);
    }

    [Fact]
    public void Eigen_grad_cam_is_eigen_cam_of_gradient_times_activation()
    {
        using var scope = NewDisposeScope();
        var (activation, gradient) = (Drawn.Even(2, [2, 6, 3, 4, 5]), Drawn.Normal(3, [2, 6, 3, 4, 5]));
        var map = new EigenGradCam(Sign.Signed).Map(activation, gradient);
        Assert.Equal([2L, 3, 4, 5], map.shape);
        Assert.True(map.allclose(new EigenCam(Sign.Signed).Map(activation * gradient, zeros(1))));
    }

    [Fact]
    public void A_layer_without_positions_has_one_value_a_sample()
    {
        using var scope = NewDisposeScope();
        Near.Equal([5], new EigenCam().Map(tensor(new float[] { 3, 4 }).reshape(1, 2), zeros(1)), 1e-6);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(64), InlineData(196)]
    public void A_leading_vector_that_stands_out_is_found_by_iteration_and_equals_the_decompositions(int n)
    {
        using var scope = NewDisposeScope();
        var rows = Drawn.Even((ulong)n, 3, n, 300).to(ScalarType.Float64);
        var gram = rows.matmul(rows.transpose(1, 2));
        var (values, vectors) = LeadingVector.Of(gram);
        var (all, each) = linalg.eigh(gram);
        Assert.True(values.flatten().allclose(all.select(1, -1), 1e-12));
        Assert.True((vectors.squeeze(2) * each.select(2, -1)).sum(1).abs().sub(1).abs().max().item<double>() < 1e-12);
        for (var sample = 0; sample < 3; sample++) Assert.True(LeadingVector.Iterated(gram[sample].data<double>().ToArray(), new double[n], out _));
    }

    // Two equal eigenvalues; two close ones; a start that is another eigenvector; nothing.
    [Theory]
    [InlineData(new double[] { 1, 0, 0, 1 }, 1)]
    [InlineData(new double[] { 1, 0, 0, 0.999 }, 1)]
    [InlineData(new double[] { 1, -0.9, -0.9, 1 }, 1.9)]
    [InlineData(new double[] { 0, 0, 0, 0 }, 0)]
    public void Where_iteration_is_not_certain_the_matrix_is_decomposed(double[] gram, double largest)
    {
        using var scope = NewDisposeScope();
        Assert.False(LeadingVector.Iterated(gram, new double[2], out _));
        var (value, vector) = LeadingVector.Of(tensor(gram).reshape(1, 2, 2));
        Assert.Equal(largest, value.item<double>(), 1e-12);
        Assert.True(tensor(gram).reshape(1, 2, 2).matmul(vector).allclose(vector * largest, 1e-9, 1e-12));
        Assert.Equal(1, vector.square().sum().item<double>(), 1e-12);
    }
}
