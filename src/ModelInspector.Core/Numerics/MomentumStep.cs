using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// One step of gradient descent with momentum and a gain for every coordinate: the gain grows by 0.2 while slope and velocity point the
/// same way downhill and shrinks to 0.8 of itself otherwise (Jacobs, Neural Networks 1988). No coordinate moves farther than the limit.
/// </summary>
internal static class MomentumStep
{
    private const float Momentum = 0.8f, Grow = 0.2f, Shrink = 0.8f, SmallestGain = 0.01f;

    /// <summary>Moves the points; returns the squared length of the slopes.</summary>
    public static double Apply(Span<float> points, ReadOnlySpan<float> attraction, ReadOnlySpan<float> push, Span<float> velocity, Span<float> gains, Rates rates)
    {
        var whole = points.Length / Vector256<float>.Count * Vector256<float>.Count;
        var squares = Whole(points[..whole], attraction, push, velocity, gains, rates);
        for (var i = whole; i < points.Length; i++)
        {
            var slope = rates.Pull * attraction[i] - rates.Push * push[i];
            gains[i] = slope * velocity[i] < 0 ? gains[i] + Grow : Math.Max(gains[i] * Shrink, SmallestGain);
            velocity[i] = Math.Clamp(Momentum * velocity[i] - rates.Step * gains[i] * slope, -rates.Limit, rates.Limit);
            points[i] += velocity[i];
            squares += slope * slope;
        }
        return squares;
    }

    private static double Whole(Span<float> points, ReadOnlySpan<float> attraction, ReadOnlySpan<float> push, Span<float> velocity, Span<float> gains, Rates rates)
    {
        var squares = Vector256<float>.Zero;
        ref float place = ref MemoryMarshal.GetReference(points), moved = ref MemoryMarshal.GetReference(velocity), gained = ref MemoryMarshal.GetReference(gains);
        ref float near = ref MemoryMarshal.GetReference(attraction), far = ref MemoryMarshal.GetReference(push);
        Vector256<float> pull = Vector256.Create(rates.Pull), away = Vector256.Create(rates.Push), step = Vector256.Create(rates.Step), limit = Vector256.Create(rates.Limit);
        for (nuint i = 0; i < (nuint)points.Length; i += 8)
        {
            var slope = pull * Vector256.LoadUnsafe(ref near, i) - away * Vector256.LoadUnsafe(ref far, i);
            var speed = Vector256.LoadUnsafe(ref moved, i);
            var gain = Vector256.LoadUnsafe(ref gained, i);
            gain = Vector256.ConditionalSelect(Vector256.LessThan(slope * speed, Vector256<float>.Zero), gain + Vector256.Create(Grow),
                Vector256.MaxNative(gain * Shrink, Vector256.Create(SmallestGain)));
            speed = Vector256.MinNative(Vector256.MaxNative(speed * Momentum - step * gain * slope, -limit), limit);
            gain.StoreUnsafe(ref gained, i);
            speed.StoreUnsafe(ref moved, i);
            (Vector256.LoadUnsafe(ref place, i) + speed).StoreUnsafe(ref place, i);
            squares += slope * slope;
        }
        return Vector256.Sum(squares);
    }

    /// <summary>Factors of one step.</summary>
    /// <param name="Pull">On the attraction.</param>
    /// <param name="Push">On the repulsion.</param>
    /// <param name="Step">Learning rate.</param>
    /// <param name="Limit">Farthest that a coordinate moves.</param>
    public readonly record struct Rates(float Pull, float Push, float Step, float Limit);
}
