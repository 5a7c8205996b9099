using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>A value on its way through a network.</summary>
/// <param name="Value">The value.</param>
/// <param name="Sight">What its positions see of the input; null when it does not depend on the input.</param>
internal sealed record Seen(Tensor Value, Sight? Sight)
{
    /// <summary>Every tensor in a step's values, lists opened.</summary>
    public static IEnumerable<Tensor> Tensors(IEnumerable<object?> values) => values.SelectMany(value => value switch
    {
        Tensor tensor => [tensor],
        object?[] list => Tensors(list),
        IReadOnlyList<Tensor> list => list,
        _ => Enumerable.Empty<Tensor>(),
    });

    /// <summary>The values with some tensors replaced, lists opened.</summary>
    public static object?[] Replaced(object?[] values, IReadOnlyDictionary<Tensor, Tensor> by) => Array.ConvertAll(values, value => value switch
    {
        Tensor tensor => by.GetValueOrDefault(tensor, tensor),
        object?[] list => Replaced(list, by),
        IReadOnlyList<Tensor> list => list.Select(tensor => by.GetValueOrDefault(tensor, tensor)).ToList(),
        _ => value,
    });
}
