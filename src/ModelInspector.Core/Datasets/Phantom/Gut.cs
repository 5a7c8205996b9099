namespace ModelInspector.Datasets.Phantom;

/// <summary>Stomach, small bowel and colon: bright, dark and changing from patient to patient, but never with the phase.</summary>
internal sealed class Gut(Patient patient, Trunk trunk)
{
    private readonly Dice dice = patient.Dice(20);
    private readonly Blob cavity = trunk.Cavity;

    public void Draw(Anatomy slice)
    {
        var drinks = dice.Chance(0.35);
        DrawMesentery(slice);
        DrawSmallBowel(slice, drinks);
        DrawColon(slice, new Blob(0.78 * cavity.Width, 0.12 * cavity.Height, 13, 15));
        if (patient.Level > 0.55) DrawColon(slice, new Blob(-0.76 * cavity.Width, 0.12 * cavity.Height, 16, 18));
        if (patient.Level < 0.45) DrawStomach(slice, drinks);
    }

    private void DrawStomach(Anatomy slice, bool drinks)
    {
        var size = 1.15 - patient.Level;
        var wall = new Blob(0.42 * cavity.Width, -0.5 * cavity.Height, 42 * size, 25 * size) { Turn = -0.25 }.Wavy(dice, 0.05);
        DrawHollow(slice, wall, 3.5, drinks ? Tissue.OralContrast : Tissue.Fluid, dice.Between(-0.7, 0.2));
    }

    private void DrawColon(Anatomy slice, Blob place) =>
        DrawHollow(slice, place.Wavy(dice, 0.06), 2.6, Tissue.Faeces, dice.Between(-1.2, 0.3));

    private void DrawSmallBowel(Anatomy slice, bool drinks)
    {
        var loops = 3 + (int)(9 * patient.Level) + dice.Below(3);
        for (var loop = 0; loop < loops; loop++)
        {
            var radius = dice.Between(8, 13);
            var column = -0.3 + 1.0 * (loop + 0.5) / loops + dice.Around(0, 0.05);
            var place = new Blob(column * cavity.Width, dice.Between(-0.72, 0.02) * cavity.Height, radius * dice.Between(1, 1.5), radius) { Turn = dice.Between(-1.5, 1.5) };
            var filling = drinks && dice.Chance(0.6) ? Tissue.OralContrast : dice.Chance(0.4) ? Tissue.BowelWall : Tissue.Fluid;
            DrawHollow(slice, place.Wavy(dice, 0.05), 2.4, filling, dice.Chance(0.25) ? dice.Between(-0.7, 0) : -2);
        }
    }

    /// <param name="slice">The slice.</param>
    /// <param name="outer">Outer rim.</param>
    /// <param name="wall">Thickness of the wall.</param>
    /// <param name="filling">What it holds.</param>
    /// <param name="surface">Gas stands above this height, in units of the half-axis; below -1 there is none.</param>
    private void DrawHollow(Anatomy slice, Blob outer, double wall, Tissue filling, double surface)
    {
        var inside = cavity.Grown(-1).Region();
        var lumen = outer.Grown(-wall);
        slice.Add(Tissue.BowelWall, outer.Region().And(inside));
        slice.Add(filling, lumen.Region().And(inside));
        if (surface > -1) slice.Add(Tissue.Air, lumen.Region().And(inside).Above(lumen.Y + surface * lumen.Height));
    }

    // Small vessels and lymph nodes in the fat, too thin to be told apart from strands.
    private void DrawMesentery(Anatomy slice)
    {
        for (var strand = 0; strand < 26; strand++)
            slice.Add(Tissue.Muscle, new Blob(dice.Around(0.1, 0.3) * cavity.Width, dice.Around(-0.3, 0.22) * cavity.Height, dice.Between(1.2, 5), dice.Between(0.9, 1.8))
            {
                Turn = dice.Between(-1.5, 1.5),
            });
    }
}
