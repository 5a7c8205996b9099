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
    private const int Times = 20, Square = 16;

    public static int Print(int size)
    {
        using var ours = new Convolution<float>(size, size);
        ours.SetKernel((_, _) => 1);
        var grid = new float[ours.Rows * ours.Stride];
        for (var i = 0; i < grid.Length; i++) grid[i] = MathF.Sin(i);
        Console.WriteLine(FormattableString.Invariant($"FFT {size} ours {Best(() => ours.Apply(grid)):0.000} ms"));
        Complex32[][] lines = [.. Enumerable.Range(0, 2 * size).Select(row => Enumerable.Range(0, 2 * size).Select(column => new Complex32(MathF.Sin(row + column), 0)).ToArray())];
        Complex32[][] turned = [.. lines.Select(line => new Complex32[line.Length])];
        Console.WriteLine(FormattableString.Invariant($"FFT {size} Math.NET {Best(() => Package(lines, turned)):0.000} ms, turning the grid twice alone {Best(() => TurnedTwice(lines, turned)):0.000} ms"));
        return 0;
    }

    private static void Package(Complex32[][] lines, Complex32[][] turned)
    {
        RowParallel.Run(lines.Length, 8, (_, from, to) => Each(lines, from, to, line => Fourier.Forward(line)));
        Turn(lines, turned);
        RowParallel.Run(turned.Length, 8, (_, from, to) => Each(turned, from, to, line =>
        {
            Fourier.Forward(line);
            for (var i = 0; i < line.Length; i++) line[i] *= 1;
            Fourier.Inverse(line);
        }));
        Turn(turned, lines);
        RowParallel.Run(lines.Length, 8, (_, from, to) => Each(lines, from, to, line => Fourier.Inverse(line)));
    }

    private static void Each(Complex32[][] lines, int from, int to, Action<Complex32[]> work)
    {
        for (var line = from; line < to; line++) work(lines[line]);
    }

    private static void TurnedTwice(Complex32[][] lines, Complex32[][] turned)
    {
        Turn(lines, turned);
        Turn(turned, lines);
    }

    // In squares, so that a line of the cache is used up before it is dropped.
    private static void Turn(Complex32[][] lines, Complex32[][] turned) => RowParallel.Run(lines.Length / Square, 1, (_, from, to) =>
    {
        for (var top = from * Square; top < to * Square; top += Square)
            for (var left = 0; left < lines.Length; left += Square)
                TurnSquare(lines, turned, top, left);
    });

    private static void TurnSquare(Complex32[][] lines, Complex32[][] turned, int top, int left)
    {
        for (var row = top; row < top + Square; row++)
        {
            var line = lines[row];
            for (var column = left; column < left + Square; column++) turned[column][row] = line[column];
        }
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
