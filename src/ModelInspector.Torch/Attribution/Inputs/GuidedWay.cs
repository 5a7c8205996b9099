namespace ModelInspector.Attribution.Inputs;

/// <summary>One sample's way from the baseline to the input, and what it has gathered so far.</summary>
internal sealed class GuidedWay
{
    private const double Rounding = 1e-9;

    private readonly double[] from;
    private readonly double[] to;
    private readonly double share;
    private readonly double spread;
    private readonly double length;

    public GuidedWay(ReadOnlySpan<float> from, ReadOnlySpan<float> to, double share, double spread)
    {
        (this.from, this.to, this.share, this.spread) = (Doubles(from), Doubles(to), share, spread);
        (Position, Attribution) = ([.. this.from], new double[to.Length]);
        length = Left();
    }

    /// <summary>Where the way is.</summary>
    public double[] Position { get; }

    /// <summary>Gradient times way, gathered.</summary>
    public double[] Attribution { get; }

    /// <summary>Goes on until that share of the way is covered.</summary>
    /// <param name="gradient">Where the way is.</param>
    /// <param name="covered">Share of the way that is covered afterwards.</param>
    public void Advance(ReadOnlySpan<float> gradient, double covered)
    {
        if (length == 0) return;
        var (low, high) = (Math.Max(0, covered - spread), Math.Min(1, covered + spread));
        for (var i = 0; i < to.Length; i++)
            if ((Position[i] - At(i, low)) * (to[i] - from[i]) < 0) Move(i, At(i, low), gradient[i]);
        var order = Enumerable.Range(0, to.Length).ToArray();
        Array.Sort(Sizes(gradient), order);
        for (var (first, missing) = (0, Left() - length * (1 - covered)); first < order.Length && missing > Rounding * length;)
            (first, missing) = MoveNext(order, first, missing, high, gradient);
    }

    // The next group of values with the smallest gradients: all the way to the upper bound, or the part of it that is missing.
    private (int Next, double Missing) MoveNext(int[] order, int first, double missing, double high, ReadOnlySpan<float> gradient)
    {
        var group = new List<int>();
        var (next, room, wanted) = (first, 0.0, Math.Max(1, (int)(share * order.Length)));
        for (; next < order.Length && group.Count < wanted; next++)
        {
            var open = Math.Abs(At(order[next], high) - Position[order[next]]);
            if (open == 0 || (At(order[next], high) - Position[order[next]]) * (to[order[next]] - from[order[next]]) < 0) continue;
            group.Add(order[next]);
            room += open;
        }
        var part = room > 0 ? Math.Min(1, missing / room) : 0;
        foreach (var i in group) Move(i, Position[i] + part * (At(i, high) - Position[i]), gradient[i]);
        return (next, missing - part * room);
    }

    private void Move(int i, double where, double gradient)
    {
        Attribution[i] += (where - Position[i]) * gradient;
        Position[i] = where;
    }

    private double At(int i, double covered) => from[i] + covered * (to[i] - from[i]);

    private double Left() => to.Zip(Position, (end, here) => Math.Abs(end - here)).Sum();

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++) doubles[i] = values[i];
        return doubles;
    }

    private static float[] Sizes(ReadOnlySpan<float> gradient)
    {
        var sizes = new float[gradient.Length];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = Math.Abs(gradient[i]);
        return sizes;
    }
}
