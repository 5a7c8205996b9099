namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Where an output position looks in the input, and with which weights.</summary>
/// <param name="Mode"><c>nearest</c>, <c>linear</c> or <c>cubic</c>.</param>
/// <param name="Coordinates">ONNX's coordinate transformation mode.</param>
/// <param name="Rounding">ONNX's nearest mode; <c>outward</c> before there was one: up where the image shrinks, down where it grows.</param>
/// <param name="Cubic">The cubic's free coefficient.</param>
/// <param name="ExcludeOutside">Whether positions outside have no weight instead of the edge's value.</param>
/// <param name="Antialias">Whether shrinking averages over all positions that it joins.</param>
/// <param name="Extrapolation">Value outside of a region cut out.</param>
internal sealed record ResizeRule(string Mode, string Coordinates, string Rounding, float Cubic, bool ExcludeOutside, bool Antialias, float Extrapolation)
{
    /// <summary>The place in the input of every output position.</summary>
    public IEnumerable<double> Coordinate(AxisPlan plan)
    {
        for (var x = 0L; x < plan.Output; x++) yield return Coordinate(x, plan);
    }

    /// <summary>The position a nearest-neighbour rule takes.</summary>
    public long Rounded(double at, AxisPlan plan) => (long)(Rounding switch
    {
        "outward" => plan.Scale < 1 ? Math.Ceiling(at) : Math.Floor(at),
        "round_prefer_floor" => Math.Ceiling(at - 0.5),
        "round_prefer_ceil" => Math.Floor(at + 0.5),
        "floor" => Math.Floor(at),
        "ceil" => Math.Ceiling(at),
        _ => throw new InputException($"the nearest mode `{Rounding}` is not supported"),
    });

    /// <summary>Input positions and their weights, which sum to one.</summary>
    public IEnumerable<(long Index, double Weight)> Taps(double at, AxisPlan plan)
    {
        var whole = (long)Math.Floor(at);
        var narrow = Antialias ? Math.Min(1, plan.Scale) : 1;
        var reach = (long)Math.Ceiling((Mode == "cubic" ? 2 : 1) / narrow);
        var taps = Enumerable.Range(0, (int)(2 * reach))
            .Select(i => whole - reach + 1 + i)
            .Select(index => (Index: index, Weight: Weight((index - at) * narrow)))
            .Where(tap => !ExcludeOutside || (tap.Index >= 0 && tap.Index < plan.Input))
            .ToList();
        var sum = Antialias || ExcludeOutside ? taps.Sum(tap => tap.Weight) : 1;
        return taps.Select(tap => (Math.Clamp(tap.Index, 0, plan.Input - 1), tap.Weight / sum));
    }

    private double Coordinate(long x, AxisPlan plan) => Coordinates switch
    {
        "half_pixel" => ((x + 0.5) / plan.Scale) - 0.5,
        "pytorch_half_pixel" => plan.Output > 1 ? ((x + 0.5) / plan.Scale) - 0.5 : 0,
        "half_pixel_symmetric" => (plan.Input / 2.0 * (1 - (plan.Output / (plan.Input * plan.Scale)))) + ((x + 0.5) / plan.Scale) - 0.5,
        // The standard spreads the corners over the wanted size, before it is rounded.
        "align_corners" => plan.Output > 1 ? x * (plan.Input - 1.0) / ((plan.Input * plan.Scale) - 1) : 0,
        "asymmetric" => x / plan.Scale,
        "tf_half_pixel_for_nn" => (x + 0.5) / plan.Scale,
        "tf_crop_and_resize" => plan.Output > 1
            ? (plan.Start + (x * (plan.End - plan.Start) / (plan.Output - 1))) * (plan.Input - 1)
            : 0.5 * (plan.Start + plan.End) * (plan.Input - 1),
        _ => throw new InputException($"the coordinate mode `{Coordinates}` is not supported"),
    };

    private double Weight(double distance)
    {
        var d = Math.Abs(distance);
        return Mode switch
        {
            "linear" => Math.Max(0, 1 - d),
            "cubic" when d <= 1 => ((((Cubic + 2) * d) - (Cubic + 3)) * d * d) + 1,
            "cubic" when d < 2 => ((((Cubic * d) - (5 * Cubic)) * d) + (8 * Cubic)) * d - (4 * Cubic),
            "cubic" => 0,
            _ => throw new InputException($"the mode `{Mode}` is not supported"),
        };
    }
}
