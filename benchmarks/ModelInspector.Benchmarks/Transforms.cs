using System.Diagnostics;
using MathNet.Numerics;
using MathNet.Numerics.IntegralTransforms;
using ModelInspector.Numerics;

namespace ModelInspector.Benchmarks;

/// <summary>
/// One convolution of a grid with a kernel, as every step of t-SNE makes it: ours (real, padded by itself), and with what a managed package offers (complex singles in one
/// dimension: rows, then columns of the padded grid, forward and inverse). Both on the threads that are set.
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
        Complex32[][] lines = [.. Enumerable.Range(0, 2 * size).Select(row => Enumerable.Range(0, 2 * size).Select(column => new Complex32(MathF.Sin(row + column), 0)).ToArray())];
        Console.WriteLine(FormattableString.Invariant($"FFT {size} Math.NET {Best(() => Package(lines)):0.000} ms"));
        return 0;
    }

    private static void Package(Complex32[][] lines)
    {
        RowParallel.Run(lines.Length, 8, (_, from, to) => Each(lines, from, to, line => Fourier.Forward(line)));
        var turned = Turned(lines);
        RowParallel.Run(turned.Length, 8, (_, from, to) => Each(turned, from, to, line =>
        {
            Fourier.Forward(line);
            for (var i = 0; i < line.Length; i++) line[i] *= 1;
            Fourier.Inverse(line);
        }));
        var back = Turned(turned);
        RowParallel.Run(back.Length, 8, (_, from, to) => Each(back, from, to, line => Fourier.Inverse(line)));
    }

    private static void Each(Complex32[][] lines, int from, int to, Action<Complex32[]> work)
    {
        for (var line = from; line < to; line++) work(lines[line]);
    }

    private static Complex32[][] Turned(Complex32[][] lines) =>
        [.. Enumerable.Range(0, lines.Length).Select(column => lines.Select(line => line[column]).ToArray())];

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
