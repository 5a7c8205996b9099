using ModelInspector.Attribution.Tokens;
using ModelInspector.Inspection;
using ModelInspector.Models;

namespace ModelInspector.Torch.Tests.Inspection;

/// <summary>Where an inspection looks when nobody says.</summary>
public class LayerChoiceTests
{
    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void A_transformer_is_looked_at_where_its_patches_are_and_nowhere_inside_an_attention(string format)
    {
        using var model = new ConformanceCase("vit").Open(format);
        var (layers, grid) = (LayerChoice.Default(model.Graph, 8), TokenGrid.Of(model.Graph)!);
        Assert.True(Convolutions.Have(layers[0].Op));
        Assert.True(layers.Length > 2);
        Assert.All(layers.Skip(1), layer => Assert.True(grid.Holds(layer.Output.AsSpan()), layer.Name));
        Assert.All(layers.Skip(1), layer => Assert.Contains("add", layer.Op, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_convolutional_network_is_looked_at_at_its_activations()
    {
        using var model = Nets.Residual();
        Assert.All(LayerChoice.Default(model.Graph, 8), layer => Assert.Equal("Relu", layer.Op));
    }
}
