using ModelInspector.Attribution;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Attribution.Perturbation.Local;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Runs that compute only what a window changes give what whole runs give.</summary>
public class LocalRunsTests
{
    [Theory]
    [InlineData(2, 48, 6, 3)]
    [InlineData(2, 50, 7, 5)]
    [InlineData(3, 24, 3, 6)]
    public void Scores_under_a_window_equal_those_of_whole_runs(int axes, int size, int window, int stride)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(axes, size: size);
        var x = axes == 2 ? Drawn.Normal(1, 1, 3, size, size) : Drawn.Normal(2, [1, 3, size / 2, size, size]);
        AssertEqual(model, x, OcclusionWindows.Of(x, window, stride), most: 0.9);
    }

    [SkippableTheory]
    [InlineData("gap", "onnx")]
    [InlineData("gap", "pt")]
    [InlineData("residual", "onnx")]
    [InlineData("residual", "pt")]
    [InlineData("mobile", "onnx")]
    [InlineData("mobile", "pt")]
    [InlineData("vit", "onnx")]
    public void Scores_of_the_reference_networks_under_a_window_equal_those_of_whole_runs(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = reference.Open(format);
        var x = reference.InputTensor().narrow(0, 0, 1);
        AssertEqual(model, x, OcclusionWindows.Of(x, name == "vit" ? 4 : 3, 2), most: 0.95);
    }

    [SkippableFact]
    public void Scores_of_a_real_network_under_a_window_equal_those_of_whole_runs()
    {
        var file = Path.Combine(Shared.Folder("real"), "models", "cifar-resnet20.onnx");
        using var scope = NewDisposeScope();
        using var model = Model.Open(file, new OpenOptions());
        var x = Drawn.Normal(3, 1, 3, 32, 32);
        AssertEqual(model, x, OcclusionWindows.Of(x, 2, 3), most: 0.95);
    }

    [Fact]
    public void The_map_is_the_same_as_of_a_network_that_cannot_be_watched()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(size: 32);
        using var counted = new Counted(Nets.Residual(size: 32));
        var x = Drawn.Normal(4, 3, 3, 32, 32);
        var target = new ClassTarget(1, 4, 0);
        var local = new Occlusion(5, 4, 0.5).Attribute(model, x, target, Job.Quiet());
        var whole = new Occlusion(5, 4, 0.5).Attribute(counted, x, target, Job.Quiet());
        Assert.True(local.allclose(whole, 1e-5, 1e-5 * whole.abs().max().item<float>()));
    }

    [Fact]
    public void A_window_as_large_as_the_image_is_run_whole()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(size: 24);
        var x = Drawn.Normal(5, 1, 3, 24, 24);
        Assert.Null(LocalRuns.Of(model, x, OcclusionWindows.Of(x, 22, 1)));
    }

    [Theory]
    [InlineData(3, 1, 1, 4, 6, 3, 7)]          // one position more on each side
    [InlineData(3, 2, 1, 4, 6, 2, 4)]          // outputs 2 (reads 3–5) and 3 (reads 5–7)
    [InlineData(7, 2, 3, 0, 1, 0, 2)]
    [InlineData(1, 2, 0, 3, 4, 2, 2)]          // a position that no output reads
    public void A_slide_changes_the_outputs_that_read_a_change(long reach, long stride, long begin, long from, long to, long first, long behind) =>
        Assert.Equal(new Stretch(first, behind), new Slide(reach, stride, begin).Changed(new Stretch(from, to), 20));

    private static void AssertEqual(IModel model, Tensor x, OcclusionWindows windows, double most)
    {
        using var quiet = no_grad();
        var runs = LocalRuns.Of(model, x, windows);
        Assert.NotNull(runs);
        Assert.InRange(runs.Share, 0.001, most);
        var local = runs.Scores(x, new ClassTarget(0), 0.25, _ => { });
        var masks = windows.Kept(0, windows.Count, x)[0];
        var whole = Scores.Of(model, x * masks + (1 - masks) * 0.25);
        var scale = whole.abs().max().item<float>();
        Assert.True(local.allclose(whole, 1e-5, 1e-5 * scale), $"off by {(local - whole).abs().max().item<float>() / scale:G3}");
        Assert.True((whole - whole[0]).abs().max().item<float>() > 1e-4 * scale);
    }
}
