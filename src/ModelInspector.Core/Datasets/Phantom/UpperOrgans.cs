namespace ModelInspector.Datasets.Phantom;

/// <summary>Liver with its vessels and gall bladder, and the spleen; both shrink towards the lower slices.</summary>
internal sealed class UpperOrgans(Patient patient, Trunk trunk)
{
    private readonly Dice dice = patient.Dice(30);
    private readonly Blob cavity = trunk.Cavity;
    private readonly double level = patient.Level;

    public void Draw(Anatomy slice)
    {
        var inside = cavity.Grown(-2.5).Region();
        DrawLiver(slice, inside);
        DrawSpleen(slice, inside);
    }

    private void DrawLiver(Anatomy slice, Region inside)
    {
        var lobe = RightLobe();
        var liver = (level < 0.5 ? lobe.Region().Or(LeftLobe().Region()) : lobe.Region()).And(inside);
        slice.Add(Tissue.Liver, liver);
        DrawLiverVessels(slice, lobe, lobe.Grown(-5).Region().And(liver));
        if (level is > 0.15 and < 0.75 && dice.Chance(0.7))
            slice.Add(Tissue.Fluid, new Blob(-0.4 * cavity.Width, -0.32 * cavity.Height, 10, 15) { Turn = 0.4 + dice.Around(0, 0.3) }.Wavy(dice, 0.04));
    }

    private Blob RightLobe() =>
        new Blob(-0.68 * cavity.Width - 6 * level, -0.12 * cavity.Height + 8 * level, 66 - 36 * level + dice.Around(0, 4), 74 - 30 * level + dice.Around(0, 4))
        {
            Turn = 0.25 + dice.Around(0, 0.12),
            Exponent = 2.3,
        }.Wavy(dice, 0.035);

    private Blob LeftLobe() =>
        new Blob(-0.18 * cavity.Width, -0.62 * cavity.Height, 62 * (1.1 - level), 26 * (1.15 - level)) { Turn = dice.Around(-0.1, 0.12) }.Wavy(dice, 0.05);

    private void DrawLiverVessels(Anatomy slice, Blob lobe, Region within)
    {
        var vessels = (int)(7 * (1 - level)) + dice.Below(3);
        for (var vessel = 0; vessel < vessels; vessel++)
            slice.Add(Tissue.PortalVein, new Blob(lobe.X + dice.Between(-0.7, 0.8) * lobe.Width, lobe.Y + dice.Between(-0.65, 0.5) * lobe.Height, dice.Between(2.5, 9), dice.Between(1.8, 3.2))
            {
                Turn = dice.Between(-1.5, 1.5),
            }.Region().And(within));
    }

    private void DrawSpleen(Anatomy slice, Region inside)
    {
        var size = (1 - 0.95 * level) * dice.Between(0.9, 1.15);
        if (size < 0.3) return;
        var spleen = new Blob(0.80 * cavity.Width, 0.26 * cavity.Height, 24 * Math.Sqrt(size), 50 * size) { Turn = 0.35 + dice.Around(0, 0.12) }.Wavy(dice, 0.04);
        var hilum = new Blob(spleen.X - 26, spleen.Y - 8, 17, 26) { Turn = spleen.Turn };
        slice.Add(Tissue.Spleen, spleen.Region().And(inside).Except(hilum.Region()));
    }
}
