using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Normalisations over batches, instances, groups, layers and neighbours.</summary>
internal sealed class Normalisation : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("BatchNormalization", BatchNorm) { Settings = [3, 4] },
        new("InstanceNormalization", node =>
        {
            var epsilon = node.Float("epsilon", 1e-5f);
            return Kernels.Of((x, scale, bias) => F.instance_norm(x, weight: scale, bias: bias, eps: epsilon));
        }),
        new("GroupNormalization", GroupNorm) { Since = 18 },
        new("LayerNormalization", LayerNorm) { Since = 17 },
        new("RMSNormalization", RmsNorm) { Since = 23 },
        new("SimplifiedLayerNormalization", RmsNorm),
        new("LRN", NeighbourNorm),
        new("MeanVarianceNormalization", node =>
        {
            var axes = node.Ints("axes") ?? [0, 2, 3];
            return Kernels.Of(x => Centred(x, axes) / (x.var(axes, unbiased: false, keepdim: true).sqrt() + 1e-9));
        }),
        new("LpNormalization", node =>
        {
            var (axis, power) = (node.Int("axis", -1), node.Int("p", 2));
            return Kernels.Of(x => power == 1
                ? x / x.abs().sum(axis, keepdim: true)
                : x / x.square().sum(axis, keepdim: true).sqrt());
        }),
    ];

    private static Tensor Centred(Tensor x, long[] axes) => x - x.mean(axes, keepdim: true);

    private static Kernel BatchNorm(Operation node)
    {
        var epsilon = node.Float("epsilon", 1e-5f);
        if (node.Flag("training_mode") && node.Version >= 14) return TrainingBatchNorm(node, epsilon);
        if (node.Wants(1))
        {
            throw node.Refused($"gives {node.Outputs} outputs, so it was exported while training, when what it says of one sample depends on the "
                + "others. Expected one output: export the network again after model.eval()");
        }
        if (!node.Flag("spatial", true)) throw node.Refused("normalises every position on its own (spatial = 0), which is not supported");
        return inputs => [F.batch_norm(inputs.At(0), inputs.At(3), inputs.At(4), inputs.At(1), inputs.At(2), eps: epsilon)];
    }

    private static Kernel TrainingBatchNorm(Operation node, float epsilon)
    {
        var momentum = node.Float("momentum", 0.9f);
        return inputs =>
        {
            var x = inputs.At(0);
            long[] axes = [0, .. Enumerable.Range(2, (int)x.Dimensions - 2).Select(axis => (long)axis)];
            var (mean, variance) = (x.mean(axes), x.var(axes, unbiased: false));
            var y = F.batch_norm(x, mean, variance, inputs.At(1), inputs.At(2), eps: epsilon);
            return [y, (inputs.At(3) * momentum) + (mean * (1 - momentum)), (inputs.At(4) * momentum) + (variance * (1 - momentum))];
        };
    }

    // Until version 21 scale and bias had one value a group.
    private static Kernel GroupNorm(Operation node)
    {
        var (groups, epsilon) = (node.RequiredInt("num_groups"), node.Float("epsilon", 1e-5f));
        return Kernels.Of((x, scale, bias) =>
        {
            var each = x.shape[1] / Math.Max(1, groups);
            return node.Version < 21 && scale.numel() == groups && each > 1
                ? F.group_norm(x, groups, scale.repeat_interleave(each), bias.repeat_interleave(each), epsilon)
                : F.group_norm(x, groups, scale, bias, epsilon);
        });
    }

    private static Kernel LayerNorm(Operation node)
    {
        var (first, epsilon) = (node.Int("axis", -1), node.Float("epsilon", 1e-5f));
        var statistics = node.Wants(1) || node.Wants(2);
        return inputs =>
        {
            var (x, scale, bias) = (inputs.At(0), inputs.At(1), inputs.TryAt(2));
            var axis = (int)x.Axis(first);
            var y = scale.shape.AsSpan().SequenceEqual(x.shape.AsSpan(axis))
                ? F.layer_norm(x, x.shape[axis..], scale, bias, epsilon)
                : Affine(F.layer_norm(x, x.shape[axis..], eps: epsilon), scale, bias);
            if (!statistics) return [y];
            long[] axes = [.. Enumerable.Range(axis, (int)x.Dimensions - axis).Select(a => (long)a)];
            return [y, x.mean(axes, keepdim: true), (x.var(axes, unbiased: false, keepdim: true) + epsilon).rsqrt()];
        };
    }

    private static Tensor Affine(Tensor x, Tensor scale, Tensor? bias) => bias is null ? x * scale : (x * scale) + bias;

    private static Kernel RmsNorm(Operation node)
    {
        var (first, epsilon) = (node.Int("axis", -1), node.Float("epsilon", 1e-5f));
        return Kernels.Of((x, scale) =>
        {
            long[] axes = [.. Enumerable.Range((int)x.Axis(first), (int)(x.Dimensions - x.Axis(first))).Select(axis => (long)axis)];
            return x * (x.square().mean(axes, keepdim: true) + epsilon).rsqrt() * scale;
        });
    }

    private static Kernel NeighbourNorm(Operation node)
    {
        var size = node.RequiredInt("size");
        if (size < 1) throw node.Refused($"sums over {size} channels");
        var (alpha, beta, bias) = (node.Float("alpha", 1e-4f), node.Float("beta", 0.75f), node.Float("bias", 1));
        return Kernels.Of(x =>
        {
            long[] around = [.. Enumerable.Repeat(0L, 2 * ((int)x.Dimensions - 2)), (size - 1) / 2, size / 2];
            var energy = F.pad(x.square(), around).unfold(1, size, 1).sum(-1);                     // (N, C, …)
            return x / (energy * (alpha / size) + bias).pow(beta);
        });
    }
}
