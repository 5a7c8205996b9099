namespace ModelInspector.Embeddings;

/// <summary>
/// The curve 1/(1 + a·d^(2b)) nearest, in least squares, to one that is 1 up to the smallest distance and falls off as
/// exp(−(d − smallest)/spread) beyond (300 points up to three spreads). Source: McInnes, Healy, Melville, arXiv 1802.03426, §4.
/// </summary>
/// <param name="A">a.</param>
/// <param name="B">b.</param>
internal readonly record struct UmapCurve(double A, double B)
{
    private const int Points = 300, Steps = 200;

    /// <summary>Fits the curve by damped Gauss–Newton steps.</summary>
    public static UmapCurve Fit(double smallest, double spread)
    {
        var curve = new UmapCurve(1, 1);
        var (error, damping) = (Error(curve, smallest, spread), 1e-3);
        for (var step = 0; step < Steps && damping < 1e12; step++)
        {
            var next = Improve(curve, smallest, spread, damping);
            var nextError = next is { A: > 0, B: > 0 } ? Error(next, smallest, spread) : double.PositiveInfinity;
            if (nextError < error) (curve, error, damping) = (next, nextError, damping / 10);
            else damping *= 10;
        }
        return curve;
    }

    private static UmapCurve Improve(UmapCurve curve, double smallest, double spread, double damping)
    {
        double aa = 0, ab = 0, bb = 0, ra = 0, rb = 0;
        for (var i = 1; i < Points; i++)
        {
            var x = 3 * spread * i / (Points - 1);
            var (power, value) = (Math.Pow(x, 2 * curve.B), curve.At(x));
            var (da, db) = (-power * value * value, -2 * curve.A * power * Math.Log(x) * value * value);
            var residual = Wanted(x, smallest, spread) - value;
            (aa, ab, bb, ra, rb) = (aa + da * da, ab + da * db, bb + db * db, ra + da * residual, rb + db * residual);
        }
        (aa, bb) = (aa * (1 + damping), bb * (1 + damping));
        var determinant = aa * bb - ab * ab;
        return new UmapCurve(curve.A + (bb * ra - ab * rb) / determinant, curve.B + (aa * rb - ab * ra) / determinant);
    }

    private static double Error(UmapCurve curve, double smallest, double spread) =>
        Enumerable.Range(0, Points).Select(i => 3 * spread * i / (Points - 1)).Sum(x => Math.Pow(Wanted(x, smallest, spread) - curve.At(x), 2));

    private static double Wanted(double x, double smallest, double spread) => x < smallest ? 1 : Math.Exp(-(x - smallest) / spread);

    private double At(double x) => 1 / (1 + A * Math.Pow(x, 2 * B));
}
