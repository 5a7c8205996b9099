using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Lists of tensors: they live between nodes, and are no layers.</summary>
internal sealed class Sequence : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        List("SequenceEmpty", _ => _ => [new List<Tensor>()]),
        List("SequenceConstruct", _ => inputs => [Copied(inputs.All())]),
        List("SequenceInsert", _ => inputs =>
        {
            var list = Copied(Given(inputs));
            var place = inputs.TryAt(2)?.Longs()[0] ?? list.Count;
            if (place < -list.Count || place > list.Count) throw new InputException($"place {place} does not exist in a list of {list.Count}");
            list.Insert((int)(place < 0 ? place + list.Count : place), inputs.At(1).alias());
            return [list];
        }),
        List("SequenceErase", _ => inputs =>
        {
            var list = Copied(Given(inputs));
            var place = (int)Place(inputs.TryAt(1), list.Count, list.Count - 1);
            list[place].Dispose();
            list.RemoveAt(place);
            return [list];
        }),
        List("SplitToSequence", SplitToSequence),
        Operator.Giving(ValueKind.Real, "SequenceAt", _ => inputs => [Given(inputs)[(int)Place(inputs.At(1), Given(inputs).Count, 0)].alias()])
            with { Foldable = false },
        Operator.Giving(ValueKind.Whole, "SequenceLength", _ => inputs => [tensor((long)Given(inputs).Count)]) with { Foldable = false },
        Operator.Giving(ValueKind.Real, "ConcatFromSequence", ConcatFromSequence) with { Foldable = false },
    ];

    private static Operator List(string name, Prepare prepare) => Operator.Giving(ValueKind.List, name, prepare) with { Foldable = false };

    private static IReadOnlyList<Tensor> Given(ReadOnlySpan<object?> inputs) =>
        inputs.Length > 0 && inputs[0] is IReadOnlyList<Tensor> list ? list : throw new InputException("its first input is no list of tensors");

    private static List<Tensor> Copied(IEnumerable<Tensor> tensors) => [.. tensors.Select(tensor => tensor.alias())];

    private static long Place(Tensor? given, int count, int otherwise)
    {
        var place = given?.Longs()[0] ?? otherwise;
        return place >= -count && place < count ? (place + count) % count : throw new InputException($"place {place} does not exist in a list of {count}");
    }

    private static Kernel SplitToSequence(Operation node)
    {
        var (given, keep) = (node.Int("axis", 0), node.Flag("keepdims", true));
        return inputs =>
        {
            var (x, sizes) = (inputs.At(0), inputs.TryAt(1));
            var axis = x.Axis(given);
            if (sizes is null) return [x.split(1, (int)axis).Select(part => keep ? part : part.squeeze(axis)).ToList()];
            return [(sizes.Dimensions == 0 ? x.split(sizes.Longs()[0], (int)axis) : x.split(sizes.Longs(), axis)).ToList()];
        };
    }

    private static Kernel ConcatFromSequence(Operation node)
    {
        var (axis, isNew) = (node.RequiredInt("axis"), node.Flag("new_axis"));
        return inputs => [isNew ? stack(Given(inputs), axis) : cat(Given(inputs).ToArray(), axis)];
    }
}
