using ModelInspector.Attribution;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Fits and samples of scores that are no straight line: where the kernel and the number of draws show.</summary>
public class GameTests
{
    [Theory, InlineData(0.25), InlineData(0.5)]
    public void Lime_weighs_coalitions_as_its_authors_do(double width)
    {
        using var scope = NewDisposeScope();
        using var model = Square();
        var x = tensor(new[] { 1f, 2, 3 }, [1L, 3]);
        var map = new Lime("values", Samples: 50, Width: width, Ridge: 1).Attribute(model, x, new ClassTarget(0), Job.Quiet(4));
        Near.Equal(Slow(Coalitions.Even(0, 50, 3, 4, CPU), x, width), map.squeeze(0), 1e-4);
    }

    // A grid of one cell, enlarged, is the same everywhere, wherever it is cut.
    [Fact]
    public void A_mask_of_one_cell_knows_no_place()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("corner", x => x.select(3, 0).select(2, 0)));
        var map = new Rise(40, Cells: 1).Attribute(model, ones(1, 1, 8, 8), new ClassTarget(0), Job.Quiet(2));
        Assert.True(map.max().item<float>() > 0);
        Assert.Equal(map.min().item<float>(), map.max().item<float>(), 1e-6f);
    }

    [Fact]
    public void Shapley_takes_orders_in_pairs_and_one_pair_tells_no_error()
    {
        using var scope = NewDisposeScope();
        using var model = Square();
        Assert.Contains("even number, such as 6", Assert.Throws<InputException>(() => new Shapley("values", Orders: 5).Attribute(model, ones(1, 3), new ClassTarget(0), Job.Quiet())).Message, StringComparison.Ordinal);
        Assert.True(new Shapley("values", Orders: 2).Estimate(model, ones(1, 14), new ClassTarget(0), Job.Quiet()).StandardError.isnan().all().item<bool>());
        Assert.True(new Shapley("values", Orders: 4).Estimate(model, ones(1, 14), new ClassTarget(0), Job.Quiet()).StandardError.isfinite().all().item<bool>());
    }

    // Σ_z √exp(−d²/width²) (s(z) − c − Σ β_i z_i)² + Σ β_i² by its normal equations, the constant among the unknown.
    private static float[] Slow(Tensor coalitions, Tensor x, double width)
    {
        var rows = Capture.Batches.ToArray(coalitions);
        var (a, b) = (new double[4, 4], new double[4]);
        for (var row = 0; row < rows.Shape[0]; row++)
        {
            double[] z = [1, .. rows[row].ToArray().Select(value => (double)value)];
            var distance = 1 - Math.Sqrt(z.Skip(1).Average());
            var (weight, score) = (Math.Sqrt(Math.Exp(-distance * distance / (width * width))), Math.Pow(z[1] + 2 * z[2] + 3 * z[3], 2));
            for (var i = 0; i < 4; i++)
            {
                b[i] += weight * z[i] * score;
                for (var j = 0; j < 4; j++) a[i, j] += weight * z[i] * z[j];
            }
        }
        for (var i = 1; i < 4; i++) a[i, i] += 1;
        return Capture.Batches.ToArray(linalg.solve(tensor(a), tensor(b).unsqueeze(1)).squeeze(1)).Values[1..];
    }

    private static GraphModel Square() => Toys.Chain(("sum", x => x.sum(1, keepdim: true)), ("square", x => x.square()));
}
