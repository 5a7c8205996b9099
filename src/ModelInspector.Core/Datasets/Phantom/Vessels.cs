namespace ModelInspector.Datasets.Phantom;

/// <summary>Aorta, caval vein and the mesenteric vessels in front of them.</summary>
internal sealed class Vessels(Patient patient, Trunk trunk)
{
    private readonly Dice dice = patient.Dice(50);

    public void Draw(Anatomy slice)
    {
        var (x, y) = trunk.Spine;
        var front = y - Trunk.Vertebra.Height;
        var cava = new Blob(x - 21 + dice.Around(0, 2), front - 6 + dice.Around(0, 2), dice.Between(10, 14), dice.Between(6.5, 10)) { Turn = dice.Around(-0.2, 0.2) };
        slice.Add(Tissue.Fat, cava.Grown(1.5));
        slice.Add(Tissue.CavalVein, cava.Wavy(dice, 0.03));
        DrawAorta(slice, x + 8 + dice.Around(0, 2.5), front - 11 + dice.Around(0, 1));
        DrawMesenteric(slice, x, front);
    }

    private void DrawAorta(Anatomy slice, double x, double y)
    {
        var radius = dice.Between(8.5, 12.5);
        var aorta = new Blob(x, y, radius, radius).Wavy(dice, 0.02);
        slice.Add(Tissue.Fat, aorta.Grown(1.5));
        slice.Add(Tissue.Artery, aorta);
        for (var plaque = dice.Below(6) - 3; plaque > 0; plaque--)
        {
            var (sine, cosine) = Math.SinCos(dice.Between(0, 2 * Math.PI));
            slice.Add(Tissue.CompactBone, new Blob(x + radius * cosine, y + radius * sine, 1.3, 2.6) { Turn = Math.Atan2(sine, cosine) });
        }
    }

    private void DrawMesenteric(Anatomy slice, double x, double front)
    {
        slice.Add(Tissue.Artery, new Blob(x + 7 + dice.Around(0, 2), front - 33, 3.6, 3.6));
        slice.Add(Tissue.PortalVein, new Blob(x - 6 + dice.Around(0, 3), front - 35 + dice.Around(0, 2), 6.2, 5.4));
    }
}
