using System.Collections.Immutable;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Tiny networks with weights that can be checked by hand, built without any file.</summary>
internal static class Toys
{
    /// <summary>Convolution 1→2, 3×3, all ones, bias (−50, −75); ReLU; flatten to 8; linear 8→4 with first five columns 1 and last three −1; ReLU.</summary>
    public static GraphModel ConvNet() => Chain(
        ("conv1", x => nn.functional.conv2d(x, ones(2, 1, 3, 3), tensor(new float[] { -50, -75 }))),
        ("relu1", x => x.relu()),
        ("flatten", x => x.flatten(1)),
        ("fc1", x => x.matmul(cat([ones(5, 4), -ones(3, 4)], 0))),
        ("relu2", x => x.relu()));

    /// <summary>The input of that network: 0 … 15 as 1×1×4×4.</summary>
    public static Tensor ConvNetInput() => arange(16, ScalarType.Float32).reshape(1, 1, 4, 4);

    /// <summary>Linear 3→3 identity; linear 3→4 of ones with bias (−10, 1, 1, 1); ReLU; linear 4→2 of ones with bias (−1, 1).</summary>
    public static GraphModel Mlp() => Chain(
        ("linear0", x => x.matmul(eye(3))),
        ("linear1", x => x.matmul(ones(3, 4)) + tensor(new float[] { -10, 1, 1, 1 })),
        ("relu", x => x.relu()),
        ("linear2", x => x.matmul(ones(4, 2)) + tensor(new float[] { -1, 1 })));

    /// <summary>A convolution stem, an activation, global average pooling and a linear head, random weights.</summary>
    public static GraphModel PooledHead(int depth = 2)
    {
        random.manual_seed(7);
        var layers = new List<(string, Func<Tensor, Tensor>)>();
        for (var i = 0; i < depth; i++)
        {
            var weight = (randn(6, i == 0 ? 1 : 6, 3, 3) * 0.3).DetachFromDisposeScope();
            layers.Add(($"conv{i}", x => nn.functional.conv2d(x, weight, padding: [1, 1])));
            layers.Add(($"relu{i}", x => x.relu()));
        }
        var head = randn(6, 3).DetachFromDisposeScope();
        layers.Add(("pool", x => x.mean([2, 3])));
        layers.Add(("fc", x => x.matmul(head)));
        return Chain([.. layers]);
    }

    /// <summary>A network that applies one function after the other.</summary>
    public static GraphModel Chain(params (string Name, Func<Tensor, Tensor> Apply)[] layers)
    {
        var steps = layers.Select((layer, index) => new ProgramStep(
            new Layer(layer.Name, layer.Name, [], [index == 0 ? "x" : layers[index - 1].Name], 0),
            [index],
            [index + 1],
            inputs => [layer.Apply((Tensor)inputs[0]!)])).ToImmutableArray();
        var graph = new ModelGraph("toy", "by hand", "", [new Port("x", [], "float32")], [new Port("y", [], "float32")], [.. steps.Select(step => step.Layer!)]);
        return new GraphModel(graph, new GraphProgram(layers.Length + 1, [0], [layers.Length], new Dictionary<int, object?>(), steps));
    }
}
