using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class NormalizationTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static double[] Normalized(double[] values, double eps)
    {
        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        return [.. values.Select(value => (value - mean) / Math.Sqrt(variance + eps))];
    }

    /// <summary>The elements of a group, by the index of its members.</summary>
    private static void EachGroupIsNormalized(Tensor input, Tensor output, Func<int, int> group, double eps = 1e-5)
    {
        var (x, y) = (Close.Numbers(input), Close.Numbers(output));
        foreach (var members in Enumerable.Range(0, x.Length).GroupBy(group))
        {
            var expected = Normalized([.. members.Select(i => x[i])], eps);
            foreach (var (want, have) in expected.Zip(members.Select(i => y[i]))) Assert.Equal(want, have, 10);
        }
    }

    [Fact]
    public void Batch_norm_trains_on_the_channel_of_the_batch()
    {
        using var bn = BatchNorm2d(3, dtype: ScalarType.Float64);
        var input = Close.Input(2, 3, 4, 5);
        EachGroupIsNormalized(input, bn.call(input), i => i / 20 % 3);
        using var flat = BatchNorm1d(3, dtype: ScalarType.Float64);
        EachGroupIsNormalized(input.reshape(40, 3), flat.call(input.reshape(40, 3)), i => i % 3);
        using var volume = BatchNorm3d(3, dtype: ScalarType.Float64);
        EachGroupIsNormalized(input, volume.call(input.unsqueeze(2)).squeeze(2), i => i / 20 % 3);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Running_statistics_move_by_momentum_and_serve_in_evaluation(double momentum)
    {
        using var bn = BatchNorm1d(1, momentum: momentum, dtype: ScalarType.Float64);
        bn.call(tensor([1.0, 2.0, 6.0]).reshape(3, 1));
        Close.To([momentum * 3], bn.running_mean!, 1e-12);
        Close.To([1 - momentum + (momentum * 7)], bn.running_var!, 1e-12); // 7: the unbiased variance
        Assert.Equal(1, bn.num_batches_tracked!.item<long>());
        bn.eval();
        var (mean, variance) = (momentum * 3, 1 - momentum + (momentum * 7));
        Close.To([(4 - mean) / Math.Sqrt(variance + 1e-5)], bn.call(tensor([4.0]).reshape(1, 1)), 1e-12);
        Assert.Equal(1, bn.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void Without_momentum_all_batches_weigh_the_same()
    {
        using var bn = BatchNorm1d(1, dtype: ScalarType.Float64);
        bn.momentum = null;
        bn.call(tensor([0.0, 2.0]).reshape(2, 1));
        bn.call(tensor([4.0, 6.0]).reshape(2, 1));
        Close.To([3], bn.running_mean!, 1e-12);
    }

    [Fact]
    public void Without_running_statistics_evaluation_uses_the_batch()
    {
        using var bn = BatchNorm1d(1, affine: false, track_running_stats: false, dtype: ScalarType.Float64);
        bn.eval();
        var input = Close.Input(6, 1);
        EachGroupIsNormalized(input, bn.call(input), _ => 0);
        Assert.Empty(bn.state_dict());
    }

    [Fact]
    public void One_value_a_channel_and_a_wrong_number_of_dimensions_are_refused()
    {
        using var bn = BatchNorm2d(2);
        Assert.Throws<ArgumentException>(() => bn.call(ones(1, 2, 1, 1)));
        Assert.Throws<ArgumentException>(() => bn.call(ones(1, 2, 3)));
        bn.eval();
        Assert.Equal([1L, 2L, 1L, 1L], bn.call(ones(1, 2, 1, 1)).shape);
    }

    [Fact]
    public void Instance_norm_goes_by_sample_and_channel_in_training_and_evaluation()
    {
        using var norm = InstanceNorm2d(3);
        norm.eval();
        var input = Close.Input(2, 3, 4, 5);
        EachGroupIsNormalized(input, norm.call(input), i => i / 20);
        EachGroupIsNormalized(input[0], norm.call(input[0]), i => i / 20);
        Assert.Throws<ArgumentException>(() => norm.call(ones(3, 3)));
    }

    [Fact]
    public void Layer_norm_goes_by_sample_and_group_norm_by_groups_of_channels()
    {
        var input = Close.Input(2, 4, 3, 5);
        using var layer = LayerNorm([3, 5], dtype: ScalarType.Float64);
        EachGroupIsNormalized(input, layer.call(input), i => i / 15);
        using var group = GroupNorm(2, 4, dtype: ScalarType.Float64);
        EachGroupIsNormalized(input, group.call(input), i => i / 30);
        Assert.Throws<ArgumentException>(() => GroupNorm(3, 4));
    }

    [Fact]
    public void Scale_and_shift_come_after_normalisation()
    {
        using var layer = LayerNorm(2, dtype: ScalarType.Float64);
        init.constant_(layer.weight, 3);
        init.constant_(layer.bias!, 1);
        Close.To([-2, 4], layer.call(tensor([0.0, 1000.0])), 1e-6);
        using var plain = LayerNorm(2, bias: false);
        Assert.Equal(["weight"], plain.state_dict().Keys);
    }

    [Fact]
    public void Local_response_norm_divides_by_the_neighbouring_channels()
    {
        var input = Close.Input(2, 5, 2, 3);
        using var norm = LocalResponseNorm(3, alpha: 0.5, beta: 0.75, k: 2);
        var x = Close.Numbers(input);
        var expected = x.Select((value, i) =>
        {
            var (sample, channel, position) = (i / 30, i / 6 % 5, i % 6);
            var sum = Enumerable.Range(channel - 1, 3).Where(c => c is >= 0 and < 5).Sum(c => Math.Pow(x[(sample * 30) + (c * 6) + position], 2));
            return value / Math.Pow(2 + (0.5 * sum / 3), 0.75);
        });
        Close.To(expected, norm.call(input), 1e-12);
    }

    [Fact]
    public void Normalize_gives_unit_vectors_and_leaves_zero_alone()
    {
        var input = tensor([3.0, 4.0, 0.0, 0.0]).reshape(2, 2);
        Close.To([0.6, 0.8, 0, 0], functional.normalize(input), 1e-12);
        Close.To([3.0 / 7, 4.0 / 7, 0, 0], functional.normalize(input, p: 1), 1e-12);
    }
}
