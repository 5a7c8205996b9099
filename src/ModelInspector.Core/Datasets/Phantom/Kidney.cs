namespace ModelInspector.Datasets.Phantom;

/// <summary>One kidney: cortex outside, medullary pyramids within, and the pelvis in the fat of the sinus.</summary>
internal sealed class Kidney
{
    private readonly Dice dice;
    private readonly Blob outer;
    private readonly int side;
    private readonly double hilum;

    public Kidney(Patient patient, Trunk trunk, bool right)
    {
        dice = patient.Dice(right ? 40UL : 41UL);
        side = right ? -1 : 1;
        // The right kidney lies lower, so a slice meets it nearer its upper pole.
        var depth = (patient.Level - (right ? 0.58 : 0.46) + dice.Around(0, 0.05)) / 0.85;
        var size = Math.Sqrt(1 - depth * depth) * dice.Around(1, 0.05);
        hilum = Math.Max(0, 1 - Math.Abs(depth) / 0.45);
        var (x, y) = trunk.Spine;
        outer = new Blob(x + side * (27 + 33 * size + 9 * patient.Stoutness), y - 1 + dice.Around(0, 3), 26 * size, 31 * size)
        {
            Turn = side * -(0.45 + dice.Around(0, 0.12)),
        }.Wavy(dice, 0.025);
    }

    public void Draw(Anatomy slice)
    {
        slice.Add(Tissue.Fat, outer.Grown(4));
        slice.Add(Tissue.Cortex, outer);
        DrawPyramids(slice);
        DrawSinus(slice);
    }

    private void DrawPyramids(Anatomy slice)
    {
        var count = 6 + dice.Below(2);
        var start = dice.Between(0, 0.5);
        for (var pyramid = 0; pyramid < count; pyramid++)
        {
            var angle = Medial + Math.PI + (pyramid + start - (count - 1) / 2.0) * (2 * Math.PI - 1.2) / count;
            slice.Add(Tissue.Medulla, Inside(angle, 0.55, 0.25, 0.185));
        }
    }

    private void DrawSinus(Anatomy slice)
    {
        var width = 0.16 + 0.22 * hilum;
        slice.Add(Tissue.Fat, Inside(Medial, 0.15, width + 0.08, width));
        if (hilum > 0) slice.Add(Tissue.Fat, Inside(Medial, 0.7, 0.45, 0.2 * hilum));
        slice.Add(Tissue.Pelvis, Inside(Medial, 0.05 + 0.2 * hilum, 0.12 + 0.2 * hilum, 0.11 + 0.1 * hilum));
        foreach (var calyx in (ReadOnlySpan<double>)[-0.9, 0, 0.9])
            slice.Add(Tissue.Pelvis, Inside(Medial + Math.PI + calyx, 0.22 + 0.1 * hilum, 0.12, 0.075));
        if (hilum > 0.3) slice.Add(Tissue.Pelvis, Inside(Medial, 0.8, 0.3, 0.1 * hilum));
    }

    // Towards the spine and a little forward, in the kidney's own frame.
    private double Medial => side < 0 ? 0 : Math.PI;

    /// <summary>An ellipse whose long axis points away from the kidney's centre; distances in units of the kidney's half-axes.</summary>
    private Blob Inside(double angle, double distance, double along, double across)
    {
        var (sine, cosine) = Math.SinCos(angle);
        var (u, v) = (distance * cosine * outer.Width, distance * sine * outer.Height);
        var (turnSine, turnCosine) = Math.SinCos(outer.Turn);
        return new Blob(outer.X + u * turnCosine - v * turnSine, outer.Y + u * turnSine + v * turnCosine, along * outer.Width, across * outer.Height)
        {
            Turn = outer.Turn + Math.Atan2(v, u),
        };
    }
}
