using ModelInspector.Models.Onnx.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Tensors made from shapes and literals, and changes of element type.</summary>
internal sealed class Creation : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("Constant", Constant),
        Operator.Giving(ValueKind.Whole, "Shape", Shape) with { ReadsShape = true },
        Operator.Giving(ValueKind.Whole, "Size", _ => inputs => [tensor(inputs.At(0).numel())]) with { ReadsShape = true },
        new("ConstantOfShape", ConstantOfShape) { Gives = (node, _) => KindOf(node.TypeOfTensor("value") ?? ElementType.Float32) },
        new("ConstantFill", ConstantFill) { Gives = (node, _) => KindOf(node.Type("dtype") ?? ElementType.Float32), Differentiable = false },
        new("Range", _ => Kernels.Of(Range)),
        new("EyeLike", EyeLike) { Gives = (node, _) => node.Type("dtype") is { } type ? KindOf(type) : null, ReadsShape = true },
        new("Cast", Cast) { Gives = (node, _) => KindOf(node.Type("to") ?? ElementType.Float32) },
        new("CastLike", _ => Kernels.Of((x, like) => Converted(x, like.dtype))) { Gives = (node, _) => node.KindOf(1) },
        new("OneHot", OneHot) { Gives = (node, _) => node.KindOf(2), Differentiable = false },
    ];

    private static ValueKind KindOf(ElementType type) =>
        type.IsFloat() ? ValueKind.Real : type == ElementType.Bool ? ValueKind.Truth : ValueKind.Whole;

    private static Kernel Constant(Operation node)
    {
        if (node.Has("value")) return _ => [node.Tensor("value") ?? throw node.Refused("holds no dense tensor")];
        if (node.Has("value_float")) return _ => [tensor(node.Float("value_float", 0))];
        if (node.Has("value_int")) return _ => [tensor(node.Int("value_int", 0))];
        if (node.Floats("value_floats") is { } floats) return _ => [tensor(floats)];
        if (node.Ints("value_ints") is { } ints) return _ => [tensor(ints)];
        throw node.Refused("is a constant of texts or a sparse tensor, which is not supported");
    }

    private static Kernel Shape(Operation node)
    {
        var (start, end) = (node.Int("start", 0), node.Int("end", long.MaxValue));
        return inputs =>
        {
            var shape = inputs.At(0).shape;
            var (from, to) = (Within(start, shape.Length), Within(end, shape.Length));
            return [tensor(shape[from..Math.Max(from, to)], ScalarType.Int64)];
        };
    }

    private static int Within(long index, int length) => (int)Math.Clamp(index < 0 ? index + length : index, 0, length);

    private static Kernel ConstantOfShape(Operation node)
    {
        var type = (node.TypeOfTensor("value") ?? ElementType.Float32).Computed();
        using var given = node.Tensor("value");
        var value = given is null ? 0 : given.Doubles().FirstOrDefault();
        return Kernels.Of(shape => full(Sizes.Allowed(shape.Longs()), value, type));
    }

    // An operator of the first versions that never became part of the standard; PyTorch wrote it for the first state of its recurrent layers.
    private static Kernel ConstantFill(Operation node)
    {
        var (type, value) = ((node.Type("dtype") ?? ElementType.Float32).Computed(), node.Float("value", 0));
        var (given, further, isShape) = (node.Ints("shape") ?? [], node.Ints("extra_shape") ?? [], node.Flag("input_as_shape"));
        return inputs =>
        {
            var shape = inputs.TryAt(0) is not { } like ? given : isShape ? like.Longs() : like.shape;
            return [full(Sizes.Allowed([.. shape, .. further]), value, type)];
        };
    }

    private static Tensor Range(Tensor start, Tensor limit, Tensor step)
    {
        var (from, to, by) = (start.Doubles()[0], limit.Doubles()[0], step.Doubles()[0]);
        if (by == 0) throw new InputException("a range with steps of 0 has no end");
        var count = Math.Max(0, Math.Ceiling((to - from) / by));
        Sizes.Allowed((long)Math.Min(count, long.MaxValue / 2));
        return arange(0, (long)count, ScalarType.Float64).mul(by).add(from).to(start.dtype);
    }

    private static Kernel EyeLike(Operation node)
    {
        var (type, diagonal) = (node.Type("dtype")?.Computed(), node.Int("k", 0));
        return Kernels.Of(x => ones(Sizes.Allowed(x.shape), type ?? x.dtype).tril(diagonal).triu(diagonal));
    }

    private static Kernel Cast(Operation node)
    {
        var to = node.Type("to") ?? throw node.Refused("does not say what to convert to");
        if (to.Size() == 0) throw node.Refused($"converts to {to.Text()}, which is not supported");
        return Kernels.Of(x => Converted(x, to.Computed()));
    }

    private static Tensor Converted(Tensor x, ScalarType type) => x.dtype == type ? x : x.to(type);

    private static Kernel OneHot(Operation node)
    {
        var given = node.Int("axis", -1);
        return Kernels.Of((indices, depth, values) =>
        {
            var count = depth.Longs()[0];
            var axis = Kernels.Axis(given, indices.Dimensions + 1);
            Sizes.Allowed([.. indices.shape, count]);
            var places = indices.to(ScalarType.Int64).unsqueeze(axis);
            long[] along = [.. Enumerable.Range(0, (int)places.Dimensions).Select(a => a == axis ? count : 1L)];
            var hot = places.remainder(count).eq(arange(count, ScalarType.Int64, places.device).reshape(along))
                .logical_and(places.ge(-count).logical_and(places.lt(count)));
            return where(hot, values[1], values[0]);
        });
    }
}
