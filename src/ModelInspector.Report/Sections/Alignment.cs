using ModelInspector.Numerics;

namespace ModelInspector.Report.Sections;

/// <summary>
/// Turns and mirrors a map to lie like another of the same samples (orthogonal Procrustes in the plane). Distances stay as they are.
/// </summary>
internal static class Alignment
{
    /// <summary>Changes the first two columns of <paramref name="points"/> in place.</summary>
    /// <param name="points">(samples, dimensions).</param>
    /// <param name="like">The map to lie like.</param>
    /// <param name="turn">Whether axes may be turned; without, they are only mirrored, because a principal axis means something.</param>
    public static void Align(NdArray points, NdArray like, bool turn)
    {
        if (points.Shape[1] < 2 || like.Shape[1] < 2) return;
        var (xx, xy, yx, yy) = Covariance(points, like);
        if (turn) Turn(points, xx, xy, yx, yy);
        else Multiply(points, xx < 0 ? -1 : 1, 0, 0, yy < 0 ? -1 : 1);
    }

    private static void Turn(NdArray points, double xx, double xy, double yx, double yy)
    {
        var (plain, mirrored) = (double.Hypot(xx + yy, xy - yx), double.Hypot(xx - yy, xy + yx));
        if (plain == 0 && mirrored == 0) return;
        var side = plain >= mirrored ? 1 : -1;
        var angle = Math.Atan2(xy - side * yx, xx + side * yy);
        Multiply(points, Math.Cos(angle), -side * Math.Sin(angle), Math.Sin(angle), side * Math.Cos(angle));
    }

    // Sums over samples of (centred coordinate of the points) · (centred coordinate of the other map).
    private static (double Xx, double Xy, double Yx, double Yy) Covariance(NdArray points, NdArray like)
    {
        var (px, py, lx, ly) = (Mean(points, 0), Mean(points, 1), Mean(like, 0), Mean(like, 1));
        double xx = 0, xy = 0, yx = 0, yy = 0;
        for (var i = 0; i < points.Shape[0]; i++)
        {
            var (x, y, u, v) = (points[i][0] - px, points[i][1] - py, like[i][0] - lx, like[i][1] - ly);
            if (!double.IsFinite(x + y + u + v)) continue;
            xx += x * u;
            xy += x * v;
            yx += y * u;
            yy += y * v;
        }
        return (xx, xy, yx, yy);
    }

    private static double Mean(NdArray points, int column)
    {
        var (sum, count) = (0d, 0);
        for (var i = 0; i < points.Shape[0]; i++)
        {
            if (!float.IsFinite(points[i][column])) continue;
            sum += points[i][column];
            count++;
        }
        return count == 0 ? 0 : sum / count;
    }

    private static void Multiply(NdArray points, double a, double b, double c, double d)
    {
        for (var i = 0; i < points.Shape[0]; i++)
        {
            var (x, y) = (points[i][0], points[i][1]);
            (points[i][0], points[i][1]) = ((float)(a * x + b * y), (float)(c * x + d * y));
        }
    }
}
