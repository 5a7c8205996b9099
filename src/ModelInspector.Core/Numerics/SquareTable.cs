using System.Runtime.CompilerServices;

namespace ModelInspector.Numerics;

/// <summary>
/// A smooth function of a squared distance, tabulated at 64 points in every octave from 2⁻³⁰ to 2³⁰ and interpolated between them: the
/// place in the table is the leading bits of the float. Beyond the ends the ends' values hold.
/// </summary>
internal sealed class SquareTable
{
    private const int Bits = 6, Shift = 23 - Bits, Low = -30, High = 30;
    private const uint First = (uint)(127 + Low) << 23;
    private readonly (float Value, float Slope)[] entries = new (float, float)[((High - Low) << Bits) + 1];

    /// <param name="function">Value by squared distance.</param>
    public SquareTable(Func<double, double> function)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            double here = Place(i), next = Place(i + 1);
            entries[i] = ((float)function(here), (float)((function(next) - function(here)) / (next - here)));
        }
    }

    /// <summary>The value at a squared distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float At(float squared)
    {
        var offset = (int)(BitConverter.SingleToUInt32Bits(squared) - First) >> Shift;
        if ((uint)offset >= (uint)(entries.Length - 1)) return entries[offset < 0 ? 0 : ^1].Value;
        var (value, slope) = entries[offset];
        return value + slope * (squared - BitConverter.UInt32BitsToSingle(First + ((uint)offset << Shift)));
    }

    private static double Place(int i) => BitConverter.UInt32BitsToSingle(First + ((uint)i << Shift));
}
