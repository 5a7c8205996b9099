using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>The order in which a map's positions are taken away.</summary>
public static class RemovalOrder
{
    /// <summary>Positions from the highest to the lowest; equal ones, as in the dark part of a rectified map, by chance.</summary>
    /// <param name="map">Over the input's positions, raw.</param>
    /// <param name="seed">Same seed, same order of equal positions.</param>
    public static int[] Of(NdArray map, ulong seed)
    {
        var random = new Randomness(seed, 0x0DE5);
        var order = Enumerable.Range(0, map.Values.Length).ToArray();
        var keys = Array.ConvertAll(order, place => (-map.Values[place], random.Bits((ulong)place)));
        Array.Sort(keys, order);
        return order;
    }
}
