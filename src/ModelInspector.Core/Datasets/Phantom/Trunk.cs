namespace ModelInspector.Datasets.Phantom;

/// <summary>Skin, fat, muscles, ribs and spine: the frame in which all organs lie. Nothing of it takes up contrast agent.</summary>
internal sealed class Trunk
{
    private const double SkinThickness = 2.5;
    private readonly Patient patient;
    private readonly Dice dice;
    private readonly Blob body;
    private readonly double fat;
    private readonly double wall;

    public Trunk(Patient patient)
    {
        this.patient = patient;
        dice = patient.Dice(10);
        var stout = patient.Stoutness;
        body = new Blob(0, 0, 142 + 38 * stout + dice.Around(0, 5), 100 + 26 * stout + dice.Around(0, 4)) { Exponent = 2.35 }.Wavy(dice, 0.006);
        fat = 6 + 20 * stout + dice.Around(0, 2.5);
        wall = 11 - 2 * stout + dice.Around(0, 1);
        var inner = body.Grown(-SkinThickness - fat - wall);
        Cavity = inner with { Y = -2, Height = inner.Height - 4 };
        Spine = (dice.Around(0, 1.5), Cavity.Height * 0.48 + dice.Around(0, 2));
    }

    /// <summary>What the abdominal wall encloses.</summary>
    public Blob Cavity { get; }

    /// <summary>Centre of the vertebral body.</summary>
    public (double X, double Y) Spine { get; }

    /// <summary>Half-axes of the vertebral body.</summary>
    public static (double Width, double Height) Vertebra => (22, 16.5);

    /// <summary>Lowest point of the patient.</summary>
    public double Back => body.Height;

    public void Draw(Anatomy slice)
    {
        DrawTable(slice);
        slice.Add(Tissue.Skin, body);
        slice.Add(Tissue.Fat, body.Grown(-SkinThickness));
        slice.Add(Tissue.Muscle, body.Grown(-SkinThickness - fat));
        slice.Add(Tissue.Fat, Cavity);
        DrawMuscles(slice);
        DrawRibs(slice);
        DrawSpine(slice);
    }

    private void DrawTable(Anatomy slice)
    {
        var top = new Blob(0, Back - 330, 420, 336);
        slice.Add(Tissue.Table, top.Grown(7).Region().Except(top.Region()).Below(Back - 60));
    }

    private void DrawMuscles(Anatomy slice)
    {
        var (x, y) = Spine;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            slice.Add(Tissue.Muscle, new Blob(x + side * 34, y + 36, 27, 19) { Exponent = 2.5, Turn = side * 0.2 }.Wavy(dice, 0.03).Region().And(body.Grown(-SkinThickness - 4).Region()));
            var psoas = 9 + 8 * patient.Level + dice.Around(0, 1.2);
            slice.Add(Tissue.Muscle, new Blob(x + side * (25 + psoas * 0.75), y + 4, psoas, psoas * 1.25) { Turn = side * 0.3 }.Wavy(dice, 0.04));
        }
        // The crura of the diaphragm flank the aorta in the upper slices.
        if (patient.Level < 0.5)
            foreach (var side in (ReadOnlySpan<int>)[-1, 1])
                slice.Add(Tissue.Muscle, new Blob(x + side * 17 + 2, y - 20, 4.5, 12) { Turn = side * 0.5 });
    }

    private void DrawRibs(Anatomy slice)
    {
        var rim = body.Grown(-SkinThickness - fat - wall / 2);
        var start = dice.Between(0, 0.3);
        var ribs = 3 + dice.Below(3) - (int)(2 * patient.Level);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            for (var rib = 0; rib < ribs; rib++)
                DrawRib(slice, rim, side, start + 0.42 * rib + dice.Around(0.08, 0.06));
    }

    // The angle counts from the back towards the side.
    private void DrawRib(Anatomy slice, Blob rim, int side, double angle)
    {
        var direction = Math.PI / 2 - side * (0.75 + angle);
        var (sine, cosine) = Math.SinCos(direction);
        var stretch = 1 / Math.Pow(Math.Pow(Math.Abs(cosine), rim.Exponent) + Math.Pow(Math.Abs(sine), rim.Exponent), 1 / rim.Exponent);
        var turn = Math.Atan2(rim.Height * cosine, -rim.Width * sine);
        var bone = new Blob(rim.Width * stretch * cosine, rim.Height * stretch * sine, 9 + dice.Around(0, 2), 4.6) { Turn = turn };
        slice.Add(Tissue.CompactBone, bone);
        slice.Add(Tissue.SpongyBone, bone.Grown(-2));
    }

    private void DrawSpine(Anatomy slice)
    {
        var (x, y) = Spine;
        var (width, height) = Vertebra;
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            slice.Add(Tissue.CompactBone, new Blob(x + side * 27, y + 21, 17, 3.8) { Turn = side * 0.25 });
        slice.Add(Tissue.CompactBone, new Blob(x, y + 42, 3.6, 15));
        slice.Add(Tissue.CompactBone, new Blob(x, y + 22, 17, 13) { Exponent = 2.4 });
        var vertebra = new Blob(x, y, width, height) { Exponent = 2.4 }.Wavy(dice, 0.015);
        slice.Add(Tissue.CompactBone, vertebra);
        slice.Add(Tissue.SpongyBone, vertebra.Grown(-2.6));
        slice.Add(Tissue.Cord, new Blob(x, y + 22.5, 11, 8.5));
    }
}
