using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// The repulsion of a plane map through one potential: Σ_j (y_i − y_j)/(1 + d²)² = −½ ∇φ(y_i) with φ = Σ_j 1/(1 + d²), and Z = Σφ − n. The
/// points' unit charges are spread to a grid with cubic B-splines, convolved with the kernel by one forward and one inverse
/// real transform, and the field and its analytic gradient are gathered with the same splines. The blur of both splines is divided
/// out of the kernel; what a point does to itself through the grid is tabulated and taken off. Source of the method: particle–mesh
/// sums (Hockney and Eastwood, Computer Simulation Using Particles, 1988, ch. 5 and 8) applied to t-SNE's kernel.
/// </summary>
internal sealed class GridRepulsion(double spacing) : IRepulsion, IDisposable
{
    private const int PartRows = 8192, MostParts = 16;
    private const double Tiny = 0.07;
    private const int FewestCells = 16;
    private double cell;
    private Convolution<float>? convolution;
    private SelfField? self;
    private CubicGrid.Frame fixedFrame;
    private float[] field = [];
    private float[][] charges = [];

    public double Forces(Matrix points, Matrix forces)
    {
        if (cell == 0 && IsTiny(points, out var mean)) return TinyForces(points, mean, forces);
        var frame = Fit(points.Values);
        Spread(points.Values, frame);
        convolution!.Apply(field);
        var scale = -0.5f * frame.PerUnit;
        return RowParallel.Sum(points.Rows, 4096, (from, to) => CubicGrid.Gather(
            points.Values.AsSpan(2 * from, 2 * (to - from)), frame, field, convolution.Stride, self!, scale, forces.Values.AsSpan(2 * from)));
    }

    /// <summary>Computes the field of fixed points, for <see cref="At"/>.</summary>
    public void Prepare(Matrix points)
    {
        fixedFrame = Fit(points.Values);
        Spread(points.Values, fixedFrame);
        convolution!.Apply(field);
    }

    /// <summary>
    /// Σ_j (y − y_j)/(1 + d²)² over the prepared points for a place that is none of them, into <paramref name="push"/>; returns Σ_j 1/(1 + d²).
    /// A place outside of the map's frame is moved to its border.
    /// </summary>
    public double At(Span<float> place, Span<float> push)
    {
        place[0] = Math.Clamp(place[0], fixedFrame.X + 2 * (float)cell, fixedFrame.X + (convolution!.Columns - 3) * (float)cell);
        place[1] = Math.Clamp(place[1], fixedFrame.Y + 2 * (float)cell, fixedFrame.Y + (convolution.Rows - 3) * (float)cell);
        return CubicGrid.Gather(place[..2], fixedFrame, field, convolution.Stride, SelfField.None, -0.5f * fixedFrame.PerUnit, push);
    }

    public void Dispose() => convolution?.Dispose();

    // Within a tenth of the kernel's width the sum over all pairs is n times the distance to the mean, to within a hundredth;
    // the grid, whose spacing is many times the map, would be worse.
    private static bool IsTiny(Matrix points, out (double X, double Y) mean)
    {
        double x = 0, y = 0, farthest = 0;
        for (var i = 0; i < points.Rows; i++) (x, y) = (x + points[i, 0], y + points[i, 1]);
        mean = (x /= points.Rows, y /= points.Rows);
        for (var i = 0; i < points.Rows && farthest < Tiny; i++)
            farthest = Math.Max(farthest, Math.Max(Math.Abs(points[i, 0] - x), Math.Abs(points[i, 1] - y)));
        return farthest < Tiny;
    }

    private static double TinyForces(Matrix points, (double X, double Y) mean, Matrix forces)
    {
        double n = points.Rows, squares = 0;
        for (var i = 0; i < points.Rows; i++)
        {
            var (x, y) = (points[i, 0] - mean.X, points[i, 1] - mean.Y);
            (forces[i, 0], forces[i, 1]) = ((float)(n * x), (float)(n * y));
            squares += x * x + y * y;
        }
        return n * (n - 1) - 2 * n * squares;
    }

    private CubicGrid.Frame Fit(ReadOnlySpan<float> points)
    {
        float left = float.MaxValue, right = float.MinValue, top = float.MaxValue, bottom = float.MinValue;
        for (var i = 0; i < points.Length; i += 2)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }
        var finest = Spacing(Math.Max(right - left, bottom - top));
        if (finest != cell) Drop(finest);
        Resize(Cells(bottom - top), Cells(right - left));
        return new CubicGrid.Frame(left - 2 * (float)cell, top - 2 * (float)cell, (float)(1 / cell));
    }

    // A map of few cells would be blurred: while it is small, the spacing is halved up to four times.
    private double Spacing(float extent)
    {
        var halved = spacing;
        for (var times = 0; times < 4 && extent < FewestCells * halved; times++) halved /= 2;
        return halved;
    }

    private int Cells(float extent) => (int)Math.Ceiling(extent / cell) + CubicGrid.Margin;

    private void Drop(double next)
    {
        convolution?.Dispose();
        (cell, convolution, self) = (next, null, null);
    }

    // A grid that is large enough and not much too large stays, since a new one needs a new kernel.
    private void Resize(int rows, int columns)
    {
        if (convolution is not null && Holds(convolution.Rows, rows) && Holds(convolution.Columns, columns)) return;
        convolution?.Dispose();
        convolution = new Convolution<float>(Size(rows), Size(columns));
        field = new float[convolution.Rows * convolution.Stride];
        charges = [];
        SetKernel();
    }

    private static bool Holds(int size, int needed) => size >= needed && size <= needed * 1.3 + 16;

    private static int Size(int needed) => Fft<float>.GoodLength((int)(2.06 * needed)) / 2;

    private void SetKernel()
    {
        var (rows, columns) = (convolution!.Rows, convolution.Columns);
        var square = cell * cell;
        var kernel = Convolution<float>.TransformEven(rows, columns, (i, j) => 1 / (1 + square * ((double)i * i + (double)j * j)));
        var (down, across) = (Sharpening(rows), Sharpening(columns));
        for (var i = 0; i <= rows; i++)
            for (var j = 0; j <= columns; j++) kernel[i, j] *= down[i] * across[j];
        convolution.SetKernel((i, j) => kernel[i, j]);
        self ??= new SelfField(Lags(kernel, rows, columns));
    }

    // What takes the splines' blur off with the least error in the field (Hockney and Eastwood, §8-3): the spline's own transform, squared,
    // over the square of what sampling at the nodes makes of it, which is the transform of the spline of twice the order at the nodes.
    private static double[] Sharpening(int half) => [.. Enumerable.Range(0, half + 1).Select(k => Sharpening(Math.PI * k / half))];

    private static double Sharpening(double frequency)
    {
        var own = frequency == 0 ? 1 : Math.Sin(frequency / 2) / (frequency / 2);
        var sampled = (2416 + 2 * (1191 * Math.Cos(frequency) + 120 * Math.Cos(2 * frequency) + Math.Cos(3 * frequency))) / 5040;
        return Math.Pow(own, 8) / (sampled * sampled);
    }

    // The kernel between nodes after the division, at the few lags within one spline.
    private static double[,] Lags(double[,] transform, int rows, int columns)
    {
        var lags = new double[4, 4];
        for (var a = 0; a < 4; a++)
            for (var b = 0; b < 4; b++)
                for (var i = 0; i <= rows; i++)
                    for (var j = 0; j <= columns; j++)
                        lags[a, b] += transform[i, j] * Fold(i, rows, a) * Fold(j, columns, b) / (4.0 * rows * columns);
        return lags;
    }

    private static double Fold(int k, int half, int lag) => (k == 0 || k == half ? 1 : 2) * Math.Cos(Math.PI * k * lag / half);

    private void Spread(float[] points, CubicGrid.Frame frame)
    {
        var parts = Math.Clamp(RowParallel.Chunks(points.Length / 2, PartRows), 1, MostParts);
        if (charges.Length != parts) charges = [.. Enumerable.Range(0, parts).Select(_ => new float[field.Length])];
        var touched = new (int From, int To)[parts];
        var size = RowParallel.Chunks(points.Length / 2, parts);
        var stride = convolution!.Stride;
        RowParallel.Run(points.Length / 2, size, (part, from, to) =>
            touched[part] = CubicGrid.Spread(points.AsSpan(2 * from, 2 * (to - from)), frame, charges[part], stride));
        RowParallel.Run(convolution.Rows, 16, (_, from, to) =>
        {
            for (var row = from; row < to; row++) Total(field.AsSpan(row * stride, stride), row, touched);
        });
    }

    // Sums one row over the parts, in their order, and leaves the parts empty.
    private void Total(Span<float> total, int row, (int From, int To)[] touched)
    {
        total.Clear();
        for (var part = 0; part < touched.Length; part++)
        {
            if (row < touched[part].From || row >= touched[part].To) continue;
            var mine = charges[part].AsSpan(row * total.Length, total.Length);
            TensorPrimitives.Add(total, mine, total);
            mine.Clear();
        }
    }
}
