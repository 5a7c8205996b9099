using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Maps of transformers.</summary>
public class TokenTests
{
    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void The_patch_grid_and_the_class_token_are_found_in_the_graph(string format)
    {
        var reference = new ConformanceCase("vit");
        using var model = reference.Open(format);
        var grid = TokenGrid.Of(model.Graph)!;
        Assert.Equal([4L, 4], grid.Grid.AsEnumerable());
        Assert.Equal(1, grid.Extra);
        Assert.True(grid.Holds([2, 17, 96]) && grid.Holds([2, 16, 32]));
        Assert.False(grid.Holds([2, 32, 16]) || grid.Holds([2, 17]));
    }

    [SkippableTheory, InlineData("gap"), InlineData("residual"), InlineData("mobile")]
    public void A_convolutional_network_has_no_tokens(string name)
    {
        using var model = new ConformanceCase(name).Open("onnx");
        Assert.Null(TokenGrid.Of(model.Graph));
    }

    [Fact]
    public void Tokens_are_laid_out_row_by_row_without_the_first_ones()
    {
        using var scope = NewDisposeScope();
        var tokens = arange(7, ScalarType.Float32).reshape(1, 7, 1);
        Near.Equal([1, 2, 3, 4, 5, 6], new TokenGrid([2, 3], 1).Laid(tokens), 0);
        Assert.Equal([1L, 1, 2, 3], new TokenGrid([2, 3], 1).Laid(tokens).shape);
    }

    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void Attention_rollout_equals_the_product_of_the_attentions(string format)
    {
        var reference = new ConformanceCase("vit");
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        var x = reference.InputTensor();
        var attentions = new List<Tensor>();
        model.Run(x, (layer, _, output) =>
        {
            if (layer.Op.EndsWith("oftmax", StringComparison.Ordinal)) attentions.Add(output.clone().to(ScalarType.Float64));
            return null;
        });
        var map = new AttentionRollout().Attribute(model, x, model.Graph.Find("norm"), new ClassTarget(0), Job.Quiet());
        var half = attentions.ConvertAll(attention => (attention.mean([1]) + eye(17)) / 2);
        var expected = half[1].matmul(half[0]).select(1, 0).narrow(1, 1, 16).reshape(2, 4, 4);
        Assert.True(map.to(ScalarType.Float64).allclose(expected, 1e-5, 1e-7));
        var first = new AttentionRollout().Attribute(model, x, model.Graph.Find("blocks.0"), new ClassTarget(0), Job.Quiet());
        Assert.True(first.to(ScalarType.Float64).allclose(half[0].select(1, 0).narrow(1, 1, 16).reshape(2, 4, 4), 1e-5, 1e-7));
    }

    [SkippableFact]
    public void Attention_rollout_of_a_network_without_attention_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        Assert.Throws<InputException>(() => new AttentionRollout().Attribute(model, Drawn.Normal(1, 1, 1, 8, 8), model.Graph.Find("relu0"), new ClassTarget(0), Job.Quiet()));
    }

    [Fact]
    public void Where_all_that_follows_normalises_tokens_sam_is_zero_and_not_rounding()
    {
        using var scope = NewDisposeScope();
        var net = new Nets.Written(2, seed: 3);
        var x = net.Tokens(net.Conv(net.Input(2), 2, 8, kernel: 4, stride: 4, pad: 0));
        x = net.Add(x, net.Attended(x));
        using var model = net.Open(net.Linear(net.MeanOfTokens(net.Normed(net.Add(x, net.Attended(x)), 8)), 8, 3));
        var (sums, grid) = (model.Graph.Layers.Where(layer => layer.Op == "Add").ToList(), TokenGrid.Of(model.Graph));
        var pairs = LayerGradients.Of(model, Drawn.Normal(4, 2, 2, 12, 12), sums, new ClassTarget(1));
        Assert.True(pairs[1].Drawn(new Sam(SamVariant.Absolute), grid).min().item<float>() > 0);
        Assert.Equal(0, pairs[1].Drawn(new Sam(SamVariant.Signed), grid).abs().max().item<float>());
        Assert.Equal(0, pairs[1].Drawn(new HiResCam(Sign.Signed), grid).abs().max().item<float>());
        Assert.True(pairs[0].Drawn(new Sam(SamVariant.Signed), grid).abs().max().item<float>() > 0);
    }
}
