using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Sums, means, extremes and norms along axes; the places of extremes; running sums; the largest few.</summary>
internal sealed class Reduction : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        Along("ReduceSum", (x, axes, keep) => x.sum(axes, keep, x.dtype)),
        Along("ReduceMean", (x, axes, keep) => x.is_floating_point() ? x.mean(axes, keep) : x.to(ScalarType.Float32).mean(axes, keep).to(x.dtype)),
        Along("ReduceMax", (x, axes, keep) => x.amax(axes, keep)),
        Along("ReduceMin", (x, axes, keep) => x.amin(axes, keep)),
        Along("ReduceProd", Product),
        Along("ReduceL1", (x, axes, keep) => x.abs().sum(axes, keep, x.dtype)),
        Along("ReduceL2", (x, axes, keep) => x.square().sum(axes, keep).sqrt()),
        Along("ReduceSumSquare", (x, axes, keep) => x.square().sum(axes, keep, x.dtype)),
        Along("ReduceLogSum", (x, axes, keep) => x.sum(axes, keep).log()),
        Along("ReduceLogSumExp", LogSumExp),
        Operator.Giving(ValueKind.Whole, "ArgMax", node => Place(node, (x, axis) => x.argmax(axis, keepdim: true))),
        Operator.Giving(ValueKind.Whole, "ArgMin", node => Place(node, (x, axis) => x.argmin(axis, keepdim: true))),
        new("CumSum", CumSum),
        new("TopK", TopK) { Gives = (_, output) => output == 0 ? null : ValueKind.Whole },
    ];

    private static Operator Along(string name, Func<Tensor, long[], bool, Tensor> formula) => new(name, node => Along(node, formula));

    // Axes are an attribute in older versions and an input in newer ones; without any, all axes are meant.
    private static Kernel Along(Operation node, Func<Tensor, long[], bool, Tensor> formula)
    {
        var (keep, idle) = (node.Flag("keepdims", true), node.Flag("noop_with_empty_axes"));
        var axes = node.Longs("axes", 1);
        return inputs =>
        {
            var x = inputs.At(0);
            var given = axes(inputs.TryAt(1)) ?? [];
            if (given.Length == 0 && idle) return [x];
            long[] along = given.Length > 0
                ? [.. given.Select(axis => x.Axis(axis)).Distinct()]
                : [.. Enumerable.Range(0, (int)x.Dimensions).Select(axis => (long)axis)];
            return [along.Length > 0 ? formula(x, along, keep) : formula(x.reshape(1), [0], false)];
        };
    }

    private static Tensor Product(Tensor x, long[] axes, bool keep)
    {
        var product = axes.Aggregate(x, (part, axis) => part.prod(axis, keepdim: true, type: x.dtype));
        return keep ? product : Without(product, axes);
    }

    private static Tensor Without(Tensor x, long[] axes) =>
        x.reshape([.. x.shape.Where((_, axis) => !axes.Contains(axis))]);

    private static Tensor LogSumExp(Tensor x, long[] axes, bool keep)
    {
        var largest = x.detach().amax(axes, true);
        var sum = (x - largest).exp().sum(axes, keepdim: true).log() + largest;
        return keep ? sum : Without(sum, axes);
    }

    private static Kernel Place(Operation node, Func<Tensor, long, Tensor> first)
    {
        var (given, keep, last) = (node.Int("axis", 0), node.Flag("keepdims", true), node.Flag("select_last_index"));
        return Kernels.Of(x =>
        {
            var axis = x.Axis(given);
            var place = last ? x.shape[axis] - 1 - first(x.flip(axis), axis) : first(x, axis);
            return keep ? place : place.squeeze(axis);
        });
    }

    private static Kernel CumSum(Operation node)
    {
        var (exclusive, reverse) = (node.Flag("exclusive"), node.Flag("reverse"));
        return Kernels.Of((x, axes) =>
        {
            var axis = x.Axis(axes.Longs()[0]);
            var ordered = reverse ? x.flip(axis) : x;
            var sums = ordered.cumsum(axis).to(x.dtype);
            var counted = exclusive ? sums - ordered : sums;
            return reverse ? counted.flip(axis) : counted;
        });
    }

    private static Kernel TopK(Operation node)
    {
        var (given, largest, sorted) = (node.Int("axis", -1), node.Flag("largest", true), node.Flag("sorted", true));
        var count = node.Has("k") ? [node.Int("k", 1)] : node.ConstantLongs(1);
        return inputs =>
        {
            var x = inputs.At(0);
            var axis = x.Axis(given);
            var k = (count ?? inputs.At(1).Longs())[0];
            if (k < 0 || k > x.shape[axis]) throw new InputException($"the largest {k} of {x.shape[axis]} values are asked for");
            var (values, places) = x.topk((int)k, (int)axis, largest, sorted);
            return [values, places];
        };
    }
}
