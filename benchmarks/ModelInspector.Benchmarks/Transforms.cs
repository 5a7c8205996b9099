using System.Diagnostics;
using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;
using ModelInspector.Numerics;

namespace ModelInspector.Benchmarks;

/// <summary>
/// One convolution of a grid with a kernel, as every step of t-SNE makes it: ours (real, zero-padded by itself), and what a package offers (complex singles over the
/// padded grid, forward, product, inverse).
/// </summary>
internal static class Transforms
{
    private const int Times = 20;

    public static int Print(int size)
    {
        using var ours = new Convolution<float>(size, size);
        ours.SetKernel((_, _) => 1);
        var grid = new float[ours.Rows * ours.Stride];
        for (var i = 0; i < grid.Length; i++) grid[i] = MathF.Sin(i);
        Console.WriteLine(FormattableString.Invariant($"FFT {size} ours {Best(() => ours.Apply(grid)):0.000} ms"));
        var padded = new Complex32[4 * size * size];
        for (var i = 0; i < padded.Length; i++) padded[i] = new Complex32(MathF.Sin(i), 0);
        Console.WriteLine(FormattableString.Invariant($"FFT {size} Math.NET {Best(() => Package(padded, 2 * size)):0.000} ms"));
        return 0;
    }

    private static void Package(Complex32[] grid, int size)
    {
        Fourier.Forward2D(grid, size, size);
        for (var i = 0; i < grid.Length; i++) grid[i] *= 1;
        Fourier.Inverse2D(grid, size, size);
    }

    private static double Best(Action work)
    {
        var best = double.PositiveInfinity;
        for (var run = 0; run < Times; run++)
        {
            var watch = Stopwatch.StartNew();
            work();
            best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
        }
        return best;
    }
}
