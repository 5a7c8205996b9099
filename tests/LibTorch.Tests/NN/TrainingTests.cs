using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public class TrainingTests
{
    /// <summary>The losses of a tiny net that learns which half of an image is brighter.</summary>
    private static float[] Losses(int threads)
    {
        set_num_threads(threads);
        manual_seed(11);
        using var net = new Net();
        using var optimizer = optim.Adam(net.parameters(), lr: 0.02);
        var loss = CrossEntropyLoss();
        var losses = new float[40];
        for (var i = 0; i < losses.Length; i++)
        {
            using var scope = NewDisposeScope();
            var label = randint(0, 2, [16], ScalarType.Int64);
            var images = rand(16, 1, 8, 8);
            images[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(0, 4)] += label.reshape(16, 1, 1, 1);
            optimizer.zero_grad();
            var error = loss.call(net.call(images), label);
            error.backward();
            optimizer.step();
            losses[i] = error.ToSingle();
        }
        return losses;
    }

    [Fact]
    public void Training_lowers_the_loss_the_same_way_every_time_and_leaves_nothing_behind()
    {
        var threads = get_num_threads();
        try
        {
            var before = Settled.Count();
            var first = Losses(1);
            Assert.Equal(before, Tensor.TotalCount);
            Assert.True(first[^5..].Average() < 0.5 * first[..5].Average(), $"{first[..5].Average()} became {first[^5..].Average()}.");
            Assert.Equal(first, Losses(1));
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
