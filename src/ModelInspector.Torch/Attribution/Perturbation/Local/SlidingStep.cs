namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>A convolution or pool whose output is cut anew.</summary>
/// <param name="Input">Where its input is cut.</param>
/// <param name="Output">Where its output is cut.</param>
/// <param name="Changed">What each window changes of its output, by axis.</param>
/// <param name="Strides">Its steps along each axis.</param>
/// <param name="Outputs">Output positions along each axis.</param>
/// <param name="Values">Values that it gives for one whole sample.</param>
/// <param name="Products">Products that it adds up for one whole sample.</param>
internal sealed record SlidingStep(Region Input, Region Output, Stretch[][] Changed, long[] Strides, long[] Outputs, long Values, long Products)
{
    /// <summary>Positions along an axis of what it gives for a cut input.</summary>
    public long Given(int axis) => Outputs[axis] - ((Input.Size[axis] - Input.Root.Length[axis]) / Strides[axis]);

    /// <summary>First position along an axis of what it gives for a window's cut.</summary>
    public long First(int axis, int at) => Input.Root.Starts[axis][at] * Input.Steps[axis] / Strides[axis];

    /// <summary>Share of its work that is done.</summary>
    public double Share => Enumerable.Range(0, Outputs.Length).Aggregate(1.0, (share, axis) => share * Given(axis) / Outputs[axis]);
}
