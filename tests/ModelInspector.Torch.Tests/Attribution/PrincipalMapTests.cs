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
}
