using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

public class SmoothGradTests
{
    [Theory]
    [InlineData(SmoothVariant.Mean)]
    [InlineData(SmoothVariant.Square)]
    [InlineData(SmoothVariant.Variance)]
    public void It_equals_a_replica_that_takes_the_copies_one_by_one(SmoothVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(3);
        var maps = Enumerable.Range(0, 40).Select(copy => Doubles(new Gradient().Attribute(model, Noisy(x, copy, 0.2), new ClassTarget(0), Job.Quiet()))).ToList();
        var expected = Enumerable.Range(0, maps[0].Length).Select(i =>
        {
            var (mean, square) = (maps.Average(map => map[i]), maps.Average(map => map[i] * map[i]));
            return (float)(variant switch { SmoothVariant.Mean => mean, SmoothVariant.Square => square, _ => maps.Average(map => Math.Pow(map[i] - mean, 2)) });
        }).ToArray();
        Near.Equal(expected, new SmoothGrad(40, 0.2, variant).Attribute(model, x, new ClassTarget(0), Job.Quiet(9)), 1e-5);
    }

    [Fact]
    public void Another_seed_gives_another_map()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(1);
        Assert.False(Of(0).allclose(Of(1)));
        Tensor Of(ulong seed) => new SmoothGrad().Attribute(model, x, new ClassTarget(0), Job.Quiet(seed));
    }

    [Fact]
    public void Without_noise_any_map_is_what_it_is()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(2);
        var plain = new InputTimesGradient().Attribute(model, x, new ClassTarget(0), Job.Quiet());
        Near.Equal(Capture.Batches.ToArray(plain).Values, new SmoothGrad(7, 0, Of: "input-times-gradient").Attribute(model, x, new ClassTarget(0), Job.Quiet()), 1e-5);
    }

    [Theory, InlineData("grad-cam"), InlineData("conductance"), InlineData("gradient")]
    public void Maps_of_a_layer_are_averaged_too(string map)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(2);
        var actual = new SmoothGrad(3, Of: map).Attribute(model, x, model.Graph.Find("relu0"), new ClassTarget(0), Job.Quiet());
        Assert.Equal([2, .. map == "grad-cam" ? new long[] { 8, 8 } : [6, 8, 8]], actual.shape);
        Assert.True(actual.abs().sum().item<float>() > 0);
    }

    [Fact]
    public void A_map_that_does_not_exist_is_refused_with_near_ones()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var error = Assert.Throws<InputException>(() => new SmoothGrad(Of: "salency").Attribute(model, Random(1), new ClassTarget(0), Job.Quiet()));
        Assert.Contains("saliency", error.Message);
    }

    [Fact]
    public void Copies_share_runs()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new SmoothGrad(64).Attribute(model, Random(2), new ClassTarget(0), Job.Quiet());
        Assert.Equal((2, 2), (model.Runs, model.Backwards));
    }

    private static Tensor Random(int samples) => Drawn.Normal(1, samples, 1, 8, 8);

    private static Tensor Noisy(Tensor x, int copy, double share)
    {
        var source = new Randomness(9, (ulong)copy);
        var noise = tensor(Enumerable.Range(0, 64).Select(i => (float)source.Normal((ulong)i)).ToArray()).reshape(1, 1, 8, 8);
        var range = x.flatten(1).amax([1]) - x.flatten(1).amin([1]);
        return x + (noise * (share * range).reshape(-1, 1, 1, 1));
    }
}
