using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Parts of tensors, chosen by ranges or by indices, and tensors with parts replaced.</summary>
internal sealed class Indexing : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("Slice", Slice),
        new("Gather", Gather),
        new("GatherElements", node =>
        {
            var axis = node.Int("axis", 0);
            return Kernels.Of((x, indices) => x.gather(x.Axis(axis), Positive(indices, x.shape[x.Axis(axis)], x)));
        }),
        new("GatherND", GatherND),
        new("ScatterElements", ScatterElements),
        new("Scatter", ScatterElements),
        new("ScatterND", ScatterND),
        Operator.Giving(ValueKind.Whole, "NonZero", _ => Kernels.Of(x => x.nonzero().transpose(0, 1))),
        new("Compress", Compress),
        new("ReverseSequence", ReverseSequence),
    ];

    // Indices may count from the end, and lie on the processor while the values do not.
    private static Tensor Positive(Tensor indices, long size, Tensor like)
    {
        var whole = indices.to(ScalarType.Int64).to(like.device);
        return where(whole.lt(0), whole + size, whole);
    }

    private static Kernel Slice(Operation node)
    {
        var (starts, ends) = (node.Longs("starts", 1), node.Longs("ends", 2));
        var (axes, steps) = (node.Longs("axes", 3), node.Longs("steps", 4));
        return inputs =>
        {
            var (from, to) = (starts(inputs.TryAt(1)) ?? [], ends(inputs.TryAt(2)) ?? []);
            var along = axes(inputs.TryAt(3)) ?? [.. Enumerable.Range(0, from.Length).Select(axis => (long)axis)];
            var by = steps(inputs.TryAt(4)) ?? [.. Enumerable.Repeat(1L, from.Length)];
            if (to.Length != from.Length || along.Length != from.Length || by.Length != from.Length)
                throw new InputException("its starts, ends, axes and steps do not have the same length");
            return [Enumerable.Range(0, from.Length).Aggregate(inputs.At(0), (x, i) => Cut(x, x.Axis(along[i]), from[i], to[i], by[i]))];
        };
    }

    private static Tensor Cut(Tensor x, long axis, long start, long end, long step)
    {
        var size = x.shape[axis];
        var (from, to) = (start < 0 ? start + size : start, end < 0 ? Math.Max(end, -size - 1) + size : end);
        if (step > 0) return x.slice(axis, Math.Clamp(from, 0, size), Math.Max(Math.Clamp(from, 0, size), Math.Clamp(to, 0, size)), step);
        if (step == 0) throw new InputException("a slice with steps of 0 has no end");
        // Backwards: the end is not included, and -1 stands before the first element.
        var (first, last) = (Math.Clamp(from, -1, size - 1), Math.Clamp(end < -size ? -1 : to, -1, size - 1));
        var count = first > last ? ((first - last - 1) / Math.Max(1, -Math.Max(step, -size - 1))) + 1 : 0;
        return x.index_select(axis, tensor(Enumerable.Range(0, (int)count).Select(i => first + (i * step)).ToArray(), ScalarType.Int64, x.device));
    }

    private static Kernel Gather(Operation node)
    {
        var given = node.Int("axis", 0);
        if (node.Constant(1) is { Dimensions: 0 } single)
        {
            var index = single.Longs()[0];
            return Kernels.Of((x, _) => x.select(x.Axis(given), index < 0 ? index + x.shape[x.Axis(given)] : index));
        }
        return Kernels.Of((x, indices) =>
        {
            var axis = (int)x.Axis(given);
            var chosen = x.index_select(axis, Positive(indices, x.shape[axis], x).reshape(-1));
            return chosen.reshape([.. x.shape[..axis], .. indices.shape, .. x.shape[(axis + 1)..]]);
        });
    }

    private static Kernel GatherND(Operation node)
    {
        var batches = (int)node.Int("batch_dims", 0);
        return Kernels.Of((x, indices) =>
        {
            var depth = (int)indices.shape[^1];
            var (flat, rows) = Flat(x, indices, batches, depth);                               // (values, inner), (rows)
            return flat.index_select(0, rows).reshape([.. indices.shape[..^1], .. x.shape[(batches + depth)..]]);
        });
    }

    // Indices into the first axes become row numbers of a matrix.
    private static (Tensor Matrix, Tensor Rows) Flat(Tensor x, Tensor indices, int batches, int depth)
    {
        if (batches < 0 || batches + depth > x.Dimensions)
            throw new InputException($"indices of length {depth} do not fit a tensor of shape ({string.Join(", ", x.shape)})");
        var inner = x.shape[(batches + depth)..].Aggregate(1L, (a, b) => a * b);
        var batch = x.shape[..batches].Aggregate(1L, (a, b) => a * b);
        var parts = indices.to(ScalarType.Int64).to(x.device).reshape(batch, -1, depth);         // (batch, rows, depth)
        var rows = arange(batch, ScalarType.Int64, x.device).reshape(batch, 1);
        for (var axis = 0; axis < depth; axis++)
        {
            var size = x.shape[batches + axis];
            var part = parts.select(2, axis);
            rows = (rows * size) + where(part.lt(0), part + size, part);
        }
        return (x.reshape(-1, Math.Max(1, inner)), rows.expand(batch, parts.shape[1]).reshape(-1));
    }

    private static Kernel ScatterElements(Operation node)
    {
        var (given, how) = (node.Int("axis", 0), node.Text("reduction", "none"));
        return Kernels.Of((x, indices, updates) =>
        {
            var axis = x.Axis(given);
            var places = Positive(indices, x.shape[axis], x);
            return how switch
            {
                "none" => x.scatter(axis, places, updates),
                "add" => x.scatter_add(axis, places, updates),
                _ => throw node.Refused($"combines values by `{how}`, which is not supported; none and add are"),
            };
        });
    }

    private static Kernel ScatterND(Operation node)
    {
        var how = node.Text("reduction", "none");
        if (how is not ("none" or "add" or "mul" or "max" or "min")) throw node.Refused($"combines values by `{how}`, which is not supported");
        return Kernels.Of((x, indices, updates) =>
        {
            var depth = (int)indices.shape[^1];
            var (flat, rows) = Flat(x, indices, 0, depth);
            var values = updates.reshape(-1, flat.shape[1]);
            return Scattered(flat, rows, values, how).reshape(x.shape);
        });
    }

    private static Tensor Scattered(Tensor flat, Tensor rows, Tensor values, string how)
    {
        if (how == "none") return flat.index_copy(0, rows, values);
        if (how == "add") return flat.index_add(0, rows, values, 1);
        // Rows may repeat, so they are combined one after the other.
        var result = flat.clone();
        foreach (var (index, row) in rows.Longs().Index())
        {
            var (old, value) = (result.narrow(0, row, 1), values.narrow(0, index, 1));
            var combined = how == "mul" ? old * value : how == "max" ? old.maximum(value) : old.minimum(value);
            result = result.index_copy(0, tensor([row], ScalarType.Int64, flat.device), combined);
        }
        return result;
    }

    private static Kernel Compress(Operation node)
    {
        var given = node.Has("axis") ? node.Int("axis", 0) : (long?)null;
        return Kernels.Of((x, condition) =>
        {
            var kept = condition.to(ScalarType.Bool).nonzero().reshape(-1);
            return given is { } axis ? x.index_select(x.Axis(axis), kept) : x.reshape(-1).index_select(0, kept);
        });
    }

    private static Kernel ReverseSequence(Operation node)
    {
        var (batch, time) = (node.Int("batch_axis", 1), node.Int("time_axis", 0));
        return Kernels.Of((x, lengths) => stack(lengths.Longs().Select((length, index) =>
        {
            var one = x.select(batch, index);
            var axis = time > batch ? time - 1 : time;
            return cat([one.narrow(axis, 0, length).flip(axis), one.narrow(axis, length, one.shape[axis] - length)], axis);
        }).ToArray(), batch));
    }
}
