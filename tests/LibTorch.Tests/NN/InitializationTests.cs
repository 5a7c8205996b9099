using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class InitializationTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_linear_layer_starts_as_it_does_in_the_reference_library_for_the_same_seed()
    {
        manual_seed(0);
        using var linear = Linear(2, 2);
        Close.To([-0.0053, 0.3793, -0.5820, -0.5204], linear.weight, 1e-4);
        Close.To([-0.2723, 0.1896], linear.bias!, 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_convolution_draws_kernel_and_bias_uniformly_within_one_over_the_root_of_its_fan_in(bool transposed)
    {
        manual_seed(3);
        using Convolution layer = transposed ? ConvTranspose2d(4, 6, 3) : Conv2d(4, 6, 3, groups: 2);
        manual_seed(3);
        var bound = 1 / Math.Sqrt(transposed ? 6 * 9 : 2 * 9);
        Close.To((rand(layer.weight.shape) * 2 - 1) * bound, layer.weight, 1e-6);
        Close.To((rand(6) * 2 - 1) * bound, layer.bias!, 1e-6);
    }

    [Fact]
    public void Norm_layers_start_as_identity()
    {
        using var bn = BatchNorm2d(2);
        Close.To([1, 1], bn.weight, 0);
        Close.To([0, 0], bn.bias!, 0);
        Close.To([0, 0], bn.running_mean!, 0);
        Close.To([1, 1], bn.running_var!, 0);
        Assert.Equal(0, bn.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void An_embedding_is_normal_with_a_zero_row_for_padding()
    {
        manual_seed(5);
        using var embedding = Embedding(3, 4, padding_idx: -2);
        manual_seed(5);
        var expected = empty(3, 4).normal_();
        expected[1] = zeros(4);
        Close.To(expected, embedding.weight!, 0);
        Assert.True(embedding.weight!.requires_grad);
    }

    [Fact]
    public void Fans_count_connections_and_need_two_dimensions()
    {
        Assert.Equal((5 * 12, 7 * 12), init.CalculateFanInAndFanOut(empty(7, 5, 3, 4)));
        Assert.Throws<ArgumentException>(() => init.CalculateFanInAndFanOut(empty(7)));
    }

    [Theory]
    [InlineData(init.NonlinearityType.Linear, 0, 1)]
    [InlineData(init.NonlinearityType.Conv2D, 0, 1)]
    [InlineData(init.NonlinearityType.Sigmoid, 0, 1)]
    [InlineData(init.NonlinearityType.Tanh, 0, 5.0 / 3)]
    [InlineData(init.NonlinearityType.ReLU, 0, 1.4142135623730951)]
    [InlineData(init.NonlinearityType.LeakyReLU, 0.5, 1.2649110640673518)]
    public void Gains_are_those_of_the_literature(init.NonlinearityType kind, double slope, double gain) => Assert.Equal(gain, init.calculate_gain(kind, slope), 12);

    [Fact]
    public void Uniform_starts_stay_within_their_bound_and_normal_ones_have_their_deviation()
    {
        manual_seed(1);
        var weight = empty(200, 300);
        Assert.InRange(Largest(init.kaiming_uniform_(weight, nonlinearity: init.NonlinearityType.ReLU)), 0.99 * Math.Sqrt(6.0 / 300), Math.Sqrt(6.0 / 300));
        Assert.InRange(Largest(init.xavier_uniform_(weight, 2)), 0.99 * 2 * Math.Sqrt(6.0 / 500), 2 * Math.Sqrt(6.0 / 500));
        Assert.Equal(Math.Sqrt(2.0 / 200), Deviation(init.kaiming_normal_(weight, mode: init.FanInOut.FanOut)), 0.001);
        Assert.Equal(Math.Sqrt(2.0 / 500), Deviation(init.glorot_normal_(weight)), 0.001);
        Assert.Equal(3, Deviation(init.normal_(weight, 1, 3)), 0.05);

        static double Largest(Tensor tensor) => tensor.abs().max().ToDouble();
        static double Deviation(Tensor tensor) => tensor.std().ToDouble();
    }

    [Fact]
    public void A_truncated_normal_stays_within_its_ends_and_has_the_mean_of_what_is_left()
    {
        manual_seed(2);
        var drawn = init.trunc_normal_(empty(100, 100, ScalarType.Float64), 0.5, 2, 0, 1);
        Assert.InRange(drawn.min().ToDouble(), 0, 0.01);
        Assert.InRange(drawn.max().ToDouble(), 0.99, 1);
        Assert.Equal(0.5, drawn.mean().ToDouble(), 0.01);
        // Within a tenth of its width a normal is nearly flat: the deviation is close to that of a uniform.
        Assert.Equal(1 / Math.Sqrt(12), drawn.std().ToDouble(), 0.01);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(4, 4)]
    public void An_orthogonal_start_has_orthonormal_rows_or_columns(long rows, long columns)
    {
        var q = init.orthogonal_(empty(rows, columns, ScalarType.Float64), 2);
        var gram = rows <= columns ? q.matmul(q.t()) : q.t().matmul(q);
        Close.To(4 * eye(Math.Min(rows, columns), dtype: ScalarType.Float64), gram, 1e-12);
    }

    [Fact]
    public void Dirac_and_eye_pass_channels_through()
    {
        var kernel = init.dirac_(empty(3, 2, 3, 3, ScalarType.Float64));
        var image = Close.Input(1, 2, 4, 4);
        var passed = functional.conv2d(image, kernel, padding: [1, 1]);
        Close.To(image, passed[TensorIndex.Colon, TensorIndex.Slice(0, 2)], 0);
        Close.To(new double[16], passed[0, 2], 0);
        Close.To([1, 0, 0, 0, 1, 0], init.eye_(empty(2, 3)), 0);
    }

    [Fact]
    public void A_sparse_start_has_the_asked_share_of_zeros_in_every_column()
    {
        var weight = init.sparse_(empty(10, 4), 0.25);
        Close.To([3, 3, 3, 3], (weight == 0).sum(0L), 0);
    }

    [Fact]
    public void A_start_is_not_recorded_by_autograd()
    {
        using var linear = Linear(2, 2);
        init.constant_(linear.weight, 0.5);
        Assert.True(linear.weight.is_leaf);
        linear.call(ones(1, 2)).sum().backward();
        Assert.NotNull(linear.weight.grad);
    }

    [Fact]
    public void A_generator_of_its_own_makes_a_start_repeatable()
    {
        var first = init.normal_(empty(5), generator: new Generator(7));
        Close.To(first, init.normal_(empty(5), generator: new Generator(7)), 0);
    }
}
