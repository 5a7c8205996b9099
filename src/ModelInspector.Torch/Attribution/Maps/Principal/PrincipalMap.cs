using System.Buffers;
using System.Runtime.CompilerServices;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps.Principal;

/// <summary>
/// Each position's projection onto the first right singular vector of the (positions × channels) matrix, in double, a sample at a time: from the leading eigenvector of the smaller of its
/// two products with itself instead of a full singular value decomposition. Values that live elsewhere are brought to the processor; the map goes back.
/// </summary>
/// <remarks>
/// A singular vector has no sign of its own. The rule: the projection agrees in sign with the sum over channels,
/// Σ_p projection(p) · Σ_k X_k(p) ≥ 0; where that is 0 nothing is turned.
/// </remarks>
internal static class PrincipalMap
{
    /// <param name="values">(samples, channels, positions…).</param>
    /// <param name="centred">Whether each channel's mean over positions is taken off first.</param>
    /// <returns>(samples, positions…).</returns>
    public static Tensor Of(Tensor values, bool centred)
    {
        using var scope = NewDisposeScope();
        var plain = Samples.Plain(values);
        var maps = empty([plain.shape[0], .. plain.shape[2..]], ScalarType.Float32);
        var (given, drawn, channels) = (new Samples(plain), new Samples(maps), (int)plain.shape[1]);
        RowParallel.Run(given.Count, 1, (sample, _, _) => Draw(given[sample], channels, centred, drawn[sample]));
        return maps.to(values.dtype).to(values.device).MoveToOuterDisposeScope();
    }

    private static void Draw(ReadOnlySpan<float> values, int channels, bool centred, Span<float> map)
    {
        var matrix = ArrayPool<double>.Shared.Rent(values.Length);
        Lay(values, map.Length, centred, matrix);
        Draw(matrix, channels, map);
        ArrayPool<double>.Shared.Return(matrix);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lay(ReadOnlySpan<float> values, int positions, bool centred, double[] matrix)
    {
        for (var from = 0; from < values.Length; from += positions)
        {
            Doubles.Widen(values.Slice(from, positions), matrix.AsSpan(from, positions));
            if (centred) Doubles.Centre(matrix.AsSpan(from, positions));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(double[] matrix, int channels, Span<float> map)
    {
        var positions = map.Length;
        var (value, vector, _) = LeadingVector.Of(matrix, channels, positions);
        var (projection, sum) = (new double[positions], new double[positions]);
        for (var channel = 0; channel < channels; channel++)
        {
            var row = matrix.AsSpan(channel * positions, positions);
            Doubles.Add(sum, 1, row);
            if (channels <= positions) Doubles.Add(projection, vector[channel], row);
        }
        if (channels > positions) Doubles.Add(projection, Math.Sqrt(Math.Max(0, value)), vector);
        var turn = Doubles.Dot(projection, sum) < 0 ? -1 : 1;
        for (var i = 0; i < positions; i++) map[i] = (float)(turn * projection[i]);
    }
}
