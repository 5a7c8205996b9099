using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Maps.Principal;
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

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 40)]
    [InlineData(40, 1)]
    [InlineData(64, 900)]
    [InlineData(200, 49)]
    [InlineData(70, 70)]
    public void A_leading_vector_that_stands_out_is_found_in_few_steps(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        Found(Drawn.Even((ulong)rows, rows, columns), Proof.Room);
    }

    [Theory]
    [InlineData(64, 900)]
    [InlineData(131, 300)]
    [InlineData(300, 49)]
    public void A_leading_vector_among_many_like_it_is_found_and_shown_to_be_the_largest_without_a_decomposition(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        Found(Drawn.Normal((ulong)rows, rows, columns), Proof.Cholesky);
    }

    // The first has as its longest row an eigenvector of its own, orthogonal to the one sought; the others have two equal ones, two close ones, and nothing.
    [Theory]
    [InlineData(new double[] { 2.2, 0, 0, 0, 1.5, 1.5, 0, 1.5, 1.5 }, 3)]
    [InlineData(new double[] { 1, 0, 0, 1 }, 2)]
    [InlineData(new double[] { 1, 0, 0, 0.99999999999 }, 2)]
    [InlineData(new double[] { 0, 0, 0, 0 }, 2)]
    public void Where_iteration_is_not_certain_the_matrix_is_decomposed(double[] values, int rows)
    {
        using var scope = NewDisposeScope();
        Found(tensor(values).reshape(rows, -1), Proof.Decomposition);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void The_map_of_a_layer_that_is_not_finite_is_no_number(float value)
    {
        using var scope = NewDisposeScope();
        var map = new EigenCam(Sign.Signed).Map(tensor(new[] { 1, value, 2, 3, 4, 5 }).reshape(1, 2, 3), zeros(1));
        Assert.All(map.data<float>().ToArray(), each => Assert.True(float.IsNaN(each)));
    }

    [Theory, InlineData(3, 5), InlineData(8, 8), InlineData(65, 300), InlineData(300, 65)]
    public void A_gram_matrix_is_the_smaller_of_both_products(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var matrix = Drawn.Normal(7, rows, columns).to(ScalarType.Float64);
        var expected = rows <= columns ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
        using var gram = new Gram(matrix.data<double>().ToArray(), rows, columns);
        double[] values = [.. Enumerable.Range(0, gram.Order).SelectMany(row => gram[row].ToArray())];
        Assert.True(tensor(values).reshape(expected.shape).allclose(expected, 1e-12, 1e-12));
        Assert.Equal(expected.square().sum().item<double>(), gram.SumOfSquares, 1e-9 * gram.SumOfSquares);
    }

    [Fact]
    public void A_sample_has_the_same_bits_alone_as_among_others()
    {
        using var scope = NewDisposeScope();
        var activation = Drawn.Normal(5, 4, 24, 6, 6);
        var whole = new EigenCam(Sign.Signed).Map(activation, activation);
        var alone = new EigenCam(Sign.Signed).Map(activation[2].unsqueeze(0), activation);
        Assert.Equal(whole[2].data<float>().ToArray(), alone[0].data<float>().ToArray());
    }

    // Against a whole decomposition: the value, and the angle between both vectors.
    private static void Found(Tensor given, Proof by)
    {
        var matrix = given.to(ScalarType.Float64);
        var (rows, columns) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        var (value, vector, proof) = LeadingVector.Of(matrix.data<double>().ToArray(), rows, columns);
        var gram = rows <= columns ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
        var (all, each) = linalg.eigh(gram);
        Assert.Equal(by, proof);
        Assert.Equal(all[-1].item<double>(), value, 1e-10 * Math.Max(1, value));
        var found = tensor(vector);
        Assert.Equal(1, found.square().sum().item<double>(), 1e-12);
        Assert.True((gram.matmul(found) - value * found).norm().item<double>() <= 1e-7 * Math.Max(1, value));
        if (by != Proof.Decomposition) Assert.Equal(1, Math.Abs((found * each.select(1, -1)).sum().item<double>()), 1e-12);
    }
}
