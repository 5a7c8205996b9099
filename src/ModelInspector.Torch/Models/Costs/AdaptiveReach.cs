namespace ModelInspector.Models.Costs;

/// <summary>A pool that divides the last axes into as many windows as its output has positions; where they do not come out even, windows differ by one.</summary>
/// <param name="Count">Number of axes.</param>
/// <param name="Output">Shape of the output.</param>
internal sealed record AdaptiveReach(int Count, long[] Output) : Reach
{
    /// <inheritdoc/>
    public override Sight Through(Passage passage)
    {
        var seen = passage.Sighted[0];
        long[] input = seen.Value.shape;
        return seen.Sight!.Each(axis => axis.At < input.Length - Count ? axis
            : Output[axis.At] == 1 || axis.IsMerged ? null : axis with { Field = Divided(axis.Field, input[axis.At], Output[axis.At]) });
    }

    // Window i runs from floor(i·n/m) to ceil((i+1)·n/m).
    private static AxisField Divided(AxisField from, long input, long output)
    {
        var each = (double)input / output;
        var uneven = input % output == 0 ? 0 : 1 - (1.0 / output);
        return new(from.Size + (from.Stride * (each + (2 * uneven) - 1)), from.Stride * each, from.Offset - (from.Stride * uneven));
    }
}
