namespace ModelInspector.Datasets.Phantom;

/// <summary>An ellipse as nature draws it: turned, squared off by an exponent, its radius waving a little around the rim.</summary>
/// <param name="X">Centre, in millimetres.</param>
/// <param name="Y">Centre, in millimetres.</param>
/// <param name="Width">Half-axis before turning, in millimetres.</param>
/// <param name="Height">Half-axis before turning, in millimetres.</param>
internal sealed record Blob(double X, double Y, double Width, double Height)
{
    private const int FirstWave = 2;

    /// <summary>Angle, in radians, clockwise on the image.</summary>
    public double Turn { get; init; }

    /// <summary>2 is an ellipse, more is squarer.</summary>
    public double Exponent { get; init; } = 2;

    /// <summary>Amplitude and angle of the waves with two, three, … periods around the rim.</summary>
    public (double Amplitude, double Angle)[] Waves { get; init; } = [];

    /// <summary>The same with waves of about this relative amplitude.</summary>
    public Blob Wavy(Dice dice, double amplitude) => this with
    {
        Waves = [.. Enumerable.Range(FirstWave, 4).Select(k => (dice.Around(0, amplitude / (k - 1)), dice.Between(0, 2 * Math.PI)))],
    };

    /// <summary>The same, smaller or larger by this many millimetres all around.</summary>
    public Blob Grown(double by) => this with { Width = Width + by, Height = Height + by };

    public Region Region()
    {
        var wave = Waves.Sum(wave => Math.Abs(wave.Amplitude));
        var squared = Exponent > 2 ? Math.Sqrt(2) : 1;
        var (sine, cosine) = Math.SinCos(Turn);
        var (cos, sin) = (Math.Abs(cosine), Math.Abs(sine));
        var across = (1 + wave) * Math.Min(squared * double.Hypot(Width * cos, Height * sin), Width * cos + Height * sin);
        var along = (1 + wave) * Math.Min(squared * double.Hypot(Width * sin, Height * cos), Width * sin + Height * cos);
        return new Region(X - across, Y - along, X + across, Y + along, (x, y) => Contains(x - X, y - Y, sine, cosine, wave));
    }

    // Almost every point lies clearly inside or outside; only near the rim are powers and angles needed.
    private bool Contains(double x, double y, double sine, double cosine, double wave)
    {
        var u = (x * cosine + y * sine) / Width;
        var v = (y * cosine - x * sine) / Height;
        var circle = u * u + v * v;
        if (circle <= (1 - wave) * (1 - wave)) return true;
        if (Math.Max(Math.Abs(u), Math.Abs(v)) > 1 + wave) return false;
        var radius = Exponent == 2 ? Math.Sqrt(circle) : Math.Pow(Math.Pow(Math.Abs(u), Exponent) + Math.Pow(Math.Abs(v), Exponent), 1 / Exponent);
        return radius <= Rim(u, v);
    }

    private double Rim(double u, double v)
    {
        if (Waves.Length == 0) return 1;
        var (angle, rim) = (Math.Atan2(v, u), 1.0);
        for (var k = 0; k < Waves.Length; k++) rim += Waves[k].Amplitude * Math.Cos((k + FirstWave) * angle - Waves[k].Angle);
        return rim;
    }
}
