using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelInspector.Attribution.Maps.Principal;

/// <summary>
/// The loops that a leading vector spends its time in. Compiled at full speed from the first call on: the library's own need thousands of calls before they are, which is more
/// than most runs make (benchmarks/maps.md).
/// </summary>
internal static class Doubles
{
    /// <summary>Σ a b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var x = Vectors(a);
        var y = Vectors(b[..a.Length]);
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= x.Length - 4; i += 4)
        {
            s0 = Vector.FusedMultiplyAdd(x[i], y[i], s0);
            s1 = Vector.FusedMultiplyAdd(x[i + 1], y[i + 1], s1);
            s2 = Vector.FusedMultiplyAdd(x[i + 2], y[i + 2], s2);
            s3 = Vector.FusedMultiplyAdd(x[i + 3], y[i + 3], s3);
        }
        for (; i < x.Length; i++) s0 = Vector.FusedMultiplyAdd(x[i], y[i], s0);
        var sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (i = x.Length * Vector<double>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>sum += factor · values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(Span<double> sum, double factor, ReadOnlySpan<double> values)
    {
        var s = MemoryMarshal.Cast<double, Vector<double>>(sum);
        var v = Vectors(values[..sum.Length]);
        var f = new Vector<double>(factor);
        for (var i = 0; i < s.Length; i++) s[i] = Vector.FusedMultiplyAdd(f, v[i], s[i]);
        for (var i = s.Length * Vector<double>.Count; i < sum.Length; i++) sum[i] += factor * values[i];
    }

    /// <summary>The same numbers in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(ReadOnlySpan<float> from, Span<double> to)
    {
        var narrow = MemoryMarshal.Cast<float, Vector<float>>(from);
        var wide = MemoryMarshal.Cast<double, Vector<double>>(to[..from.Length]);
        for (var i = 0; i < narrow.Length; i++) Vector.Widen(narrow[i], out wide[2 * i], out wide[2 * i + 1]);
        for (var i = narrow.Length * Vector<float>.Count; i < from.Length; i++) to[i] = from[i];
    }

    /// <summary>All less their mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Centre(Span<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        var mean = sum / values.Length;
        foreach (ref var value in values) value -= mean;
    }

    private static ReadOnlySpan<Vector<double>> Vectors(ReadOnlySpan<double> values) => MemoryMarshal.Cast<double, Vector<double>>(values);
}
