using System.Collections.Immutable;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Tiny networks with weights that can be checked by hand, built without any file.</summary>
internal static class Toys
{
    /// <summary>Convolution 1→2, 3×3, all ones, bias (−50, −75); ReLU; flatten to 8; linear 8→4 with first five columns 1 and last three −1; ReLU.</summary>
    public static GraphModel ConvNet() => Net(
        new("conv1", "Conv", Convolved, [ones(2, 1, 3, 3), tensor(new float[] { -50, -75 })]),
        new("relu1", "Relu", (x, _) => x.relu()),
        new("flatten", "Flatten", (x, _) => x.flatten(1)),
        new("fc1", "MatMul", (x, w) => x.matmul(w[0]), [cat([ones(5, 4), -ones(3, 4)], 0)]),
        new("relu2", "Relu", (x, _) => x.relu()));

    /// <summary>The input of that network: 0 … 15 as 1×1×4×4.</summary>
    public static Tensor ConvNetInput() => arange(16, ScalarType.Float32).reshape(1, 1, 4, 4);

    /// <summary>Linear 3→3 identity; linear 3→4 of ones with bias (−10, 1, 1, 1); ReLU; linear 4→2 of ones with bias (−1, 1).</summary>
    public static GraphModel Mlp() => Net(
        new("linear0", "MatMul", (x, w) => x.matmul(w[0]), [eye(3)]),
        new("linear1", "Gemm", Linear, [ones(4, 3), tensor(new float[] { -10, 1, 1, 1 })]),
        new("relu", "Relu", (x, _) => x.relu()),
        new("linear2", "Gemm", Linear, [ones(2, 4), tensor(new float[] { -1, 1 })]));

    /// <summary>A convolution stem, an activation, global average pooling and a linear head, random weights.</summary>
    public static GraphModel PooledHead(int depth = 2, int classes = 3)
    {
        var parts = new List<Part>();
        for (var i = 0; i < depth; i++)
        {
            parts.Add(new($"conv{i}", "Conv", (x, w) => nn.functional.conv2d(x, w[0], padding: [1, 1]), [Drawn.Normal((ulong)i, 6, i == 0 ? 1 : 6, 3, 3) * 0.3]));
            parts.Add(new($"relu{i}", "Relu", (x, _) => x.relu()));
        }
        parts.Add(new("pool", "GlobalAveragePool", (x, _) => x.mean([2, 3])));
        parts.Add(new("fc", "MatMul", (x, w) => x.matmul(w[0]), [Drawn.Normal(100, 6, classes)]));
        return Net([.. parts]);
    }

    public static Tensor Convolved(Tensor x, Tensor[] weights) => nn.functional.conv2d(x, weights[0], weights.ElementAtOrDefault(1));

    public static Tensor Linear(Tensor x, Tensor[] weights) => nn.functional.linear(x, weights[0], weights.ElementAtOrDefault(1));

    /// <summary>One layer of a chain: its operator, and what it does with its weights.</summary>
    public sealed record Part(string Name, string Op, Func<Tensor, Tensor[], Tensor> Apply, params Tensor[] Weights);

    /// <summary>A network that applies one function after the other.</summary>
    public static GraphModel Chain(params (string Name, Func<Tensor, Tensor> Apply)[] layers) =>
        Net([.. layers.Select(layer => new Part(layer.Name, layer.Name, (x, _) => layer.Apply(x)))]);

    /// <summary>A network that applies one layer after the other; their weights are its constants.</summary>
    public static GraphModel Net(params Part[] parts)
    {
        var constants = new Dictionary<int, object?>();
        var steps = parts.Select((part, index) =>
        {
            var weights = part.Weights.Select(weight =>
            {
                constants[parts.Length + 1 + constants.Count] = weight.DetachFromDisposeScope();
                return parts.Length + constants.Count;
            });
            return new ProgramStep(
                new Layer(part.Name, part.Op, [], [index == 0 ? "x" : parts[index - 1].Name], part.Weights.Sum(weight => weight.numel())),
                [index, .. weights],
                [index + 1],
                inputs => [part.Apply((Tensor)inputs[0]!, [.. inputs[1..].ToArray().Cast<Tensor>()])]);
        }).ToImmutableArray();
        var graph = new ModelGraph("toy", "by hand", "", [new Port("x", [], "float32")], [new Port("y", [], "float32")], [.. steps.Select(step => step.Layer!)]);
        return new GraphModel(graph, new GraphProgram(parts.Length + 1 + constants.Count, [0], [parts.Length], constants, steps));
    }
}
