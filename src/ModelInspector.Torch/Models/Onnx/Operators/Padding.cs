using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Borders around tensors: constant, mirrored, repeated or wrapped; negative ones cut.</summary>
internal sealed class Padding : IOperatorFamily
{
    public IEnumerable<Operator> Operators => [new("Pad", Pad) { Settings = [1, 2, 3] }];

    private static Kernel Pad(Operation node)
    {
        var mode = node.Text("mode", "constant");
        if (mode is not ("constant" or "reflect" or "edge" or "wrap")) throw node.Refused($"pads by `{mode}`, which is not supported");
        var (pads, axes) = (node.Longs(node.Has("paddings") ? "paddings" : "pads", 1), node.Longs("axes", 3));
        var fixedValue = node.Float("value", 0);
        return inputs =>
        {
            var x = inputs.At(0);
            var value = inputs.TryAt(2)?.Doubles().FirstOrDefault() ?? fixedValue;
            var (begin, end) = Sides(x, pads(inputs.TryAt(1)) ?? [], axes(inputs.TryAt(3)));
            Sizes.Allowed([.. x.shape.Select((size, axis) => checked(size + begin[axis] + end[axis]))]);
            return [mode == "constant" ? F.pad(x, Window.Interleaved(begin, end), value: value) : Bordered(x, begin, end, mode)];
        };
    }

    private static (long[] Begin, long[] End) Sides(Tensor x, long[] pads, long[]? axes)
    {
        var along = axes?.Select(axis => (int)x.Axis(axis)).ToArray() ?? [.. Enumerable.Range(0, (int)x.Dimensions)];
        if (pads.Length != 2 * along.Length) throw new InputException($"{pads.Length} pads are given for {along.Length} axes; two an axis are expected");
        var (begin, end) = (new long[x.Dimensions], new long[x.Dimensions]);
        foreach (var (index, axis) in along.Index()) (begin[axis], end[axis]) = (pads[index], pads[index + along.Length]);
        return (begin, end);
    }

    private static Tensor Bordered(Tensor x, long[] begin, long[] end, string mode)
    {
        for (var axis = 0; axis < begin.Length; axis++)
        {
            if (begin[axis] == 0 && end[axis] == 0) continue;
            var size = x.shape[axis];
            var sources = Enumerable.Range(0, (int)(size + begin[axis] + end[axis])).Select(i => Source(i - begin[axis], size, mode)).ToArray();
            x = x.index_select(axis, tensor(sources, ScalarType.Int64, x.device));
        }
        return x;
    }

    private static long Source(long index, long size, string mode)
    {
        if (size == 0) throw new InputException("there is nothing to repeat in an empty tensor");
        if (mode == "edge" || size == 1) return Math.Clamp(index, 0, size - 1);
        if (mode == "wrap") return ((index % size) + size) % size;
        var period = 2 * (size - 1);
        var folded = ((index % period) + period) % period;
        return folded < size ? folded : period - folded;
    }
}
