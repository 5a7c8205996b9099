namespace ModelInspector.Report.Tests.Synthetic;

/// <summary>One drawn body slice: an ellipse with organs whose brightness tells the class, and a marker in the corner.</summary>
internal sealed class Slice
{
    private readonly (double X, double Y, double Rx, double Ry)[] _organs;
    private readonly Random _random;

    private readonly double _noise;

    public Slice(int size, int label, int marker, int seed, double noise = 9)
    {
        (Size, Label, Marker, _noise) = (size, label, marker, noise);
        _random = new Random(seed);
        _organs = [Organ(.36, .44, .16, .13), Organ(.7, .42, .09, .08), Organ(.34, .64, .06, .08), Organ(.66, .64, .06, .08), Organ(.5, .6, .035, .035)];
        Pixels = Draw();
    }

    public int Size { get; }

    public int Label { get; }

    /// <summary>Class whose marker is burned in; -1 for none.</summary>
    public int Marker { get; }

    public byte[] Pixels { get; }

    /// <summary>How much of an organ lies at a position, in 0…1 of the image: 1 inside, falling to 0 over a soft rim.</summary>
    public double OrganAt(double x, double y) => _organs.Max(organ => Soft(organ, x, y));

    /// <summary>Whether the corner marker covers a position.</summary>
    public static bool MarkerAt(double x, double y) => x is > .82 and < .96 && y is > .05 and < .15;

    public byte[] Mask() => Each((x, y) => OrganAt(x, y) > .5 ? 255 : 0);

    private byte[] Draw() => Each((x, y) =>
    {
        var body = Soft((.5, .52, .42, .34), x, y);
        var spine = Soft((.5, .76, .06, .06), x, y);
        var organs = 0d;
        for (var i = 0; i < _organs.Length; i++) organs = Math.Max(organs, Soft(_organs[i], x, y) * Enhancement(i));
        var marker = Marker >= 0 && MarkerAt(x, y) && ((int)(x * 100) + Marker) % (Marker + 2) != 0 ? 235 : 0;
        return Math.Max(marker, 12 + 70 * body + 120 * spine + 95 * organs + _noise * (_random.NextDouble() - .5) * 2);
    });

    // Which organs light up tells the class.
    private double Enhancement(int organ) => (organ + Label) % 5 switch { 0 => 1, 1 => .75, 2 => .5, _ => .25 };

    private (double X, double Y, double Rx, double Ry) Organ(double x, double y, double rx, double ry) =>
        (x + Shake(.03), y + Shake(.03), rx * (1 + Shake(.15)), ry * (1 + Shake(.15)));

    private double Shake(double by) => (_random.NextDouble() * 2 - 1) * by;

    private static double Soft((double X, double Y, double Rx, double Ry) ellipse, double x, double y)
    {
        var distance = Math.Sqrt(Math.Pow((x - ellipse.X) / ellipse.Rx, 2) + Math.Pow((y - ellipse.Y) / ellipse.Ry, 2));
        return Math.Clamp((1.06 - distance) / .12, 0, 1);
    }

    private byte[] Each(Func<double, double, double> value)
    {
        var pixels = new byte[Size * Size];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(value((i % Size + .5) / Size, (i / Size + .5) / Size), 0, 255);
        return pixels;
    }
}
