using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using ModelInspector.Numerics;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Integrals over other paths than the straight one from one baseline.</summary>
public class OtherPathTests
{
    [Theory]
    [InlineData(-1, -3, new float[] { 22, 8 })]
    [InlineData(0, 0, new float[] { 20, 5 })]
    public void A_linear_score_is_shared_out_by_its_weights_whatever_the_path(float a, float b, float[] expected)
    {
        // 2a + b from (−1, −3) or 0 to (10, 5): a constant in the input changes nothing, so the way starts at zero.
        using var scope = NewDisposeScope();
        using var model = Toys.Net(new Toys.Part("sum", "Gemm", Toys.Linear, tensor(new float[] { 2, 1 }).reshape(1, 2)));
        var way = tensor(new float[] { 10 - a, 5 - b }).reshape(1, 2);
        Near.Equal(expected, new GuidedIntegratedGradients(50).Attribute(model, way, new ClassTarget(0), Job.Quiet()), 1e-5);
        Near.Equal(expected, new IntegratedGradients(2, Quadrature.GaussLegendre).Attribute(model, way, new ClassTarget(0), Job.Quiet()), 1e-5);
    }

    [Fact]
    public void The_guided_path_moves_the_values_with_small_gradients_first()
    {
        // s = a · b from 0 to (1, 1), b free to run ahead: where a's gradient b is small it moves alone, and the last value to move gets more.
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("f", x => (x.select(1, 0) + (x.select(1, 0) * x.select(1, 1) * 4)).unsqueeze(1)));
        var x = ones(1, 2);
        var straight = new IntegratedGradients(200, Quadrature.RiemannMiddle).Attribute(model, x, new ClassTarget(0), Job.Quiet());
        var guided = new GuidedIntegratedGradients(200, 0.5, 1).Attribute(model, x, new ClassTarget(0), Job.Quiet());
        Near.Equal([3, 2], straight, 1e-3);
        Assert.Equal(5, guided.sum().item<float>(), 0.1);
        Assert.True(guided[0, 0].item<float>() > 4, "a has the larger gradient all the way, so it moves last, when b is there");
    }

    [Fact]
    public void The_guided_path_never_leaves_its_band_and_ends_at_the_input()
    {
        var random = new Randomness(3);
        var end = Enumerable.Range(0, 50).Select(i => (float)random.Normal((ulong)i)).ToArray();
        var way = new GuidedWay(new float[50], end, 0.25, 0.05);
        for (var step = 1; step <= 40; step++)
        {
            way.Advance([.. Enumerable.Range(0, 50).Select(i => (float)random.Normal((ulong)(1000 * step + i)))], step / 40.0);
            foreach (var (here, to) in way.Position.Zip(end)) Assert.InRange(here / to, step / 40.0 - 0.0501, step / 40.0 + 0.0501);
            Assert.Equal(step / 40.0 * end.Sum(Math.Abs), way.Position.Sum(Math.Abs), 1e-6);
        }
        Assert.True(way.Position.Zip(end, (here, to) => Math.Abs(here - to)).Max() < 1e-6);
    }

    [Fact]
    public void Paths_add_up_to_the_difference_of_the_scores()
    {
        // A smooth network: along the kink of a ReLU the guided path goes to and fro, and more steps help little.
        using var scope = NewDisposeScope();
        using var smooth = Toys.Net(
            new("first", "Gemm", Toys.Linear, Drawn.Normal(1, 5, 6)),
            new("tanh", "Tanh", (v, _) => v.tanh()),
            new("second", "Gemm", Toys.Linear, Drawn.Normal(2, 2, 5)));
        var row = Drawn.Normal(3, 3, 6);
        Near.Equal(Floats(Change(smooth, row, zeros_like(row))), new GuidedIntegratedGradients(1000).Attribute(smooth, row, new ClassTarget(0), Job.Quiet()).sum(1), 5e-3);
        // A blur as wide as four images leaves the mean alone.
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(4, 3, 1, 8, 8);
        Near.Equal(Floats(Change(model, x, x.mean([2, 3], keepdim: true).expand(x.shape))),
            new BlurIntegratedGradients(400, 4).Attribute(model, x, new ClassTarget(0), Job.Quiet()).flatten(1).sum(1), 1e-2);
        static Tensor Change(GraphModel of, Tensor to, Tensor from) => of.Run(to).First.select(1, 0) - of.Run(from).First.select(1, 0);
    }

    [Fact]
    public void The_blur_path_of_two_waves_equals_its_integral()
    {
        // A cosine that a mirrored border continues keeps its shape under a blur of width σ and shrinks by e^(−a s), a = (π k / N)², s = σ²/2. Of the product of
        // two positions, p and q, of two waves u, p gets Σ_ij u_i(q) u_j(p) ∫ λ_i dλ_j from s to 0, which is a_j / (a_i + a_j) · (1 − e^(−(a_i + a_j) s)).
        const int side = 32, p = 3, q = 9;
        const double blur = 0.2, s = blur * side * blur * side / 2;
        int[] waves = [1, 3];
        double Wave(int k, int at) => Math.Cos(Math.PI * k * (at + 0.5) / side);
        double Fall(int k) => Math.PI * k / side * (Math.PI * k / side);
        double Integral(int i, int j) => Fall(j) / (Fall(i) + Fall(j)) * (1 - Math.Exp(-(Fall(i) + Fall(j)) * s));
        double Gets(int at, int other) => waves.Sum(i => waves.Sum(j => Wave(i, other) * Wave(j, at) * Integral(i, j)));
        var expected = new float[side];
        (expected[p], expected[q]) = ((float)Gets(p, q), (float)Gets(q, p));

        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("product", x => (x.flatten(1).select(1, p) * x.flatten(1).select(1, q)).unsqueeze(1)));
        var image = tensor(Enumerable.Range(0, side).Select(at => (float)waves.Sum(k => Wave(k, at))).ToArray()).reshape(1, 1, 1, side);
        Near.Equal(expected, new BlurIntegratedGradients(400, blur).Attribute(model, image, new ClassTarget(0), Job.Quiet()), 1e-3);
    }

    [Fact]
    public void A_blurred_constant_image_stays_what_it_is_and_gets_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        Assert.True(new BlurIntegratedGradients().Attribute(model, full([1, 1, 8, 8], 2f), new ClassTarget(0), Job.Quiet()).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Steps_of_the_blur_share_runs()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new BlurIntegratedGradients(63).Attribute(model, ones(2, 1, 8, 8), new ClassTarget(0), Job.Quiet());
        Assert.Equal((4, 2), (model.Runs, model.Backwards));
    }

    [Fact]
    public void What_has_no_positions_cannot_be_blurred()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        Assert.Contains("integrated-gradients", Assert.Throws<InputException>(() => new BlurIntegratedGradients().Attribute(model, ones(1, 3), new ClassTarget(0), Job.Quiet())).Message);
    }

    [Fact]
    public void Expected_gradients_of_a_background_of_one_are_integrated_gradients_from_it()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        using var file = new TemporaryFile(".npy");
        Npy.Write(file.Path, new NdArray([1, 1, 8, 8], [.. Enumerable.Repeat(0.5f, 64)]));
        var x = Drawn.Normal(2, 2, 1, 8, 8);
        var expected = new IntegratedGradients(400, Quadrature.RiemannMiddle, 0.5).Attribute(model, x, new ClassTarget(0), Job.Quiet());
        Near.Equal(Floats(expected), new ExpectedGradients(400, file.Path).Attribute(model, x, new ClassTarget(0), Job.Quiet()), 2e-2);
        Assert.Contains("(any number, 3)", Assert.Throws<InputException>(() => new ExpectedGradients(4, file.Path).Attribute(Toys.Mlp(), ones(1, 3), new ClassTarget(0), Job.Quiet())).Message);
    }

    [Fact]
    public void Expected_gradients_of_a_linear_score_add_up_to_its_distance_from_the_backgrounds_mean()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(new Toys.Part("sum", "Gemm", Toys.Linear, tensor(new float[] { 2, -1 }).reshape(1, 2)));
        using var file = new TemporaryFile(".npy");
        Npy.Write(file.Path, new NdArray([2, 2], [0, 0, 4, 8]));
        var notes = new List<string?>();
        var map = new ExpectedGradients(2000, file.Path).Attribute(model, tensor(new float[] { 3, 5 }).reshape(1, 2), new ClassTarget(0), new Job(0, new Told(notes), CancellationToken.None));
        Near.Equal([2, -1], map, 0.15);
        Assert.StartsWith("completeness error", notes[^1]);
    }
}
