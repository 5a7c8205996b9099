using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>
/// A map and the mask that says where it should point, both over the input's positions. Negative values count as zero: a map says where, not against what.
/// The positions are put in order once; every metric reads that order.
/// </summary>
public sealed class MaskedMap
{
    private readonly uint[] keys;        // ascending; a value's bits, then whether it lies inside
    private readonly int[] insideBelow;  // inside positions among the first i keys

    /// <summary>Puts a map and a mask together.</summary>
    /// <param name="map">(H, W) or (D, H, W), raw.</param>
    /// <param name="mask">Same shape; above zero is inside.</param>
    /// <exception cref="InputException">The shapes differ.</exception>
    public MaskedMap(NdArray map, NdArray mask) : this(Checked(map, mask).Values, mask.Values, new Space())
    {
    }

    internal MaskedMap(ReadOnlySpan<float> map, ReadOnlySpan<float> mask, Space space)
    {
        Positions = map.Length;
        (keys, insideBelow) = space.For(Positions);
        Fill(map, mask);
        RadixOrder.Sort(keys.AsSpan(0, Positions), space.Scratch);
        Count();
    }

    /// <summary>Number of positions.</summary>
    public int Positions { get; }

    /// <summary>Positions inside the mask.</summary>
    public int Inside { get; private set; }

    /// <summary>Positions outside the mask.</summary>
    public int Outside => Positions - Inside;

    /// <summary>Sum of the map.</summary>
    public double Sum { get; private set; }

    /// <summary>Sum of the map inside the mask.</summary>
    public double SumInside { get; private set; }

    /// <summary>The map's largest value.</summary>
    public float Maximum => Positions == 0 ? 0 : Value(Positions - 1);

    /// <summary>Why no metric has a value for this pair; null if they have.</summary>
    public string? Unusable =>
        !double.IsFinite(Sum) ? "the map holds NaN or infinity"
        : Inside == 0 ? "the mask is empty"
        : Outside == 0 ? "the mask covers everything"
        : Maximum == 0 ? "the map is zero everywhere"
        : null;

    /// <summary>Why no metric that only looks at the order of positions has a value; null if they have.</summary>
    public string? Unordered => Unusable ?? (Value(0) == Maximum ? "the map is the same everywhere" : null);

    /// <summary>How many positions inside and outside the mask have at least this value.</summary>
    public (int Inside, int Outside) AtLeast(double threshold)
    {
        var (low, high) = (0, Positions);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Value(middle) < threshold) low = middle + 1;
            else high = middle;
        }
        return Above(low);
    }

    /// <summary>The map's different values from the largest down: how many positions inside and outside have at least that value.</summary>
    internal LevelWalk Levels() => new(this);

    private (int Inside, int Outside) Above(int index)
    {
        var inside = Inside - insideBelow[index];
        return (inside, Positions - index - inside);
    }

    private float Value(int index) => BitConverter.UInt32BitsToSingle(keys[index] >> 1);

    // The bits of floats from zero up are in the order of the floats.
    private void Fill(ReadOnlySpan<float> map, ReadOnlySpan<float> mask)
    {
        double all = 0, within = 0;
        for (var i = 0; i < map.Length; i++)
        {
            var value = map[i] > 0 || float.IsNaN(map[i]) ? map[i] : 0f;
            var inside = mask[i] > 0;
            all += value;
            if (inside) within += value;
            keys[i] = (BitConverter.SingleToUInt32Bits(value) << 1) | (inside ? 1u : 0u);
        }
        (Sum, SumInside) = (all, within);
    }

    private void Count()
    {
        var inside = 0;
        for (var i = 0; i < Positions; i++)
        {
            insideBelow[i] = inside;
            inside += (int)(keys[i] & 1);
        }
        Inside = insideBelow[Positions] = inside;
    }

    private static NdArray Checked(NdArray map, NdArray mask) => map.Shape.SequenceEqual(mask.Shape) ? map : throw new InputException(
        $"The map is ({string.Join(", ", map.Shape)}), the mask ({string.Join(", ", mask.Shape)}); expected the same shape. Up-sample the map first.");

    /// <summary>Walks down the different values.</summary>
    internal struct LevelWalk(MaskedMap map)
    {
        private int from = map.Positions;

        public readonly (int Inside, int Outside) Current => map.Above(from);

        public readonly LevelWalk GetEnumerator() => this;

        public bool MoveNext()
        {
            if (from == 0) return false;
            var value = map.keys[from - 1] >> 1;
            while (from > 0 && map.keys[from - 1] >> 1 == value) from--;
            return true;
        }
    }

    /// <summary>Memory that one map after another is put in order in.</summary>
    internal sealed class Space
    {
        private uint[] keys = [];
        private int[] below = [];

        public uint[] Scratch { get; private set; } = [];

        public (uint[] Keys, int[] Below) For(int positions)
        {
            if (keys.Length < positions) (keys, Scratch, below) = (new uint[positions], new uint[positions], new int[positions + 1]);
            if (below.Length == 0) below = new int[1];
            return (keys, below);
        }
    }
}
