using System.Runtime.CompilerServices;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// Forces of UMAP's cross entropy, as factors on y_i − y_j: attraction −2ab·d^(2b−2)/(1 + a·d^(2b)), repulsion 2b/((0.001 + d²)(1 + a·d^(2b))).
/// No coordinate of a force exceeds 4. Source: McInnes, Healy, Melville, arXiv 1802.03426, §3.2 and appendix C.
/// </summary>
internal sealed class UmapForces(UmapCurve curve)
{
    private const float Largest = 4;
    private readonly SquareTable pull = new(squared => -2 * curve.A * curve.B * Math.Pow(squared, curve.B - 1) / (1 + curve.A * Math.Pow(squared, curve.B)));
    private readonly SquareTable push = new(squared => 2 * curve.B / ((0.001 + squared) * (1 + curve.A * Math.Pow(squared, curve.B))));

    /// <summary>Moves two places towards each other, each as far as the other.</summary>
    public void Join(Span<float> place, Span<float> other, float rate)
    {
        var squared = Squared(place, other);
        if (squared == 0) return;
        var factor = pull.At(squared);
        for (var axis = 0; axis < place.Length; axis++)
        {
            var step = rate * Limited(factor * (place[axis] - other[axis]));
            place[axis] += step;
            other[axis] -= step;
        }
    }

    /// <summary>Moves a place towards one that stays.</summary>
    public void Attract(Span<float> place, ReadOnlySpan<float> other, float rate)
    {
        var squared = Squared(place, other);
        if (squared > 0) Move(place, other, pull.At(squared), rate);
    }

    /// <summary>Moves a place away from one that stays.</summary>
    public void Repel(Span<float> place, ReadOnlySpan<float> other, float rate)
    {
        var squared = Squared(place, other);
        if (squared > 0) Move(place, other, push.At(squared), rate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Squared(ReadOnlySpan<float> place, ReadOnlySpan<float> other)
    {
        var sum = 0f;
        for (var axis = 0; axis < place.Length; axis++) sum += (place[axis] - other[axis]) * (place[axis] - other[axis]);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(Span<float> place, ReadOnlySpan<float> other, float factor, float rate)
    {
        for (var axis = 0; axis < place.Length; axis++) place[axis] += rate * Limited(factor * (place[axis] - other[axis]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Limited(float force) => float.MinNative(Largest, float.MaxNative(-Largest, force));
}
