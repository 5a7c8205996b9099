namespace ModelInspector.Attribution.Inputs;

/// <summary>Points between 0 and 1 and their weights.</summary>
internal sealed record Nodes(double[] Points, double[] Weights)
{
    /// <summary>The points and weights of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="count">How many points, 2 or more.</param>
    public static Nodes Of(Quadrature rule, int count) => rule switch
    {
        Quadrature.GaussLegendre => GaussLegendre(count),
        Quadrature.RiemannLeft => Pieces(count, 0),
        Quadrature.RiemannMiddle => Pieces(count, 0.5),
        Quadrature.RiemannRight => Pieces(count, 1),
        Quadrature.ClosedTrapezoid => EndToEnd(count, 1.0 / (count - 1)),
        _ => EndToEnd(count, 1.0 / count),
    };

    private static Nodes Pieces(int count, double within) =>
        new([.. Enumerable.Range(0, count).Select(i => (i + within) / count)], [.. Enumerable.Repeat(1.0 / count, count)]);

    private static Nodes EndToEnd(int count, double weight) => new(
        [.. Enumerable.Range(0, count).Select(i => i / (count - 1.0))],
        [.. Enumerable.Range(0, count).Select(i => i == 0 || i == count - 1 ? weight / 2 : weight)]);

    // The roots of the Legendre polynomial by Newton's method, from the usual cosine start; they are moved from −1 … 1 to 0 … 1.
    private static Nodes GaussLegendre(int count)
    {
        var (points, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var x = Math.Cos(Math.PI * (count - i - 0.25) / (count + 0.5));
            for (var step = 0.0; ; x -= step)
            {
                var (value, slope) = Legendre(count, x);
                weights[i] = 1 / ((1 - x * x) * slope * slope);
                if (Math.Abs(step = value / slope) < 1e-15) break;
            }
            points[i] = (x + 1) / 2;
        }
        return new(points, weights);
    }

    private static (double Value, double Slope) Legendre(int degree, double x)
    {
        var (before, value) = (1.0, x);
        for (var k = 2; k <= degree; k++) (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
        return (value, degree * (x * value - before) / (x * x - 1));
    }
}
