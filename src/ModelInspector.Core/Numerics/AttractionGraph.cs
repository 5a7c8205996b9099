using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelInspector.Numerics;

/// <summary>
/// The affinities of a map laid out for the attraction Σ_j p_ij (y_i − y_j)/(1 + d²), which is summed at every step: rows filled up to
/// whole vectors, values as 16-bit floats (5 bits of exponent, 11 of mantissa: relative error at most 2⁻¹², values below 2⁻²⁰ of the
/// row's largest are zero) with one factor a row.
/// </summary>
internal sealed unsafe class AttractionGraph
{
    private const int Lanes = 8, Chunk = 256, Shift = 12;
    private const float Smallest = 1f / (1 << 20);
    private static readonly float Lift = MathF.ScaleB(1, 96);
    private readonly int[] starts; // in vectors
    private readonly int[] columns;
    private readonly ushort[] values;
    private readonly float[] scales;

    public AttractionGraph(JoinedGraph affinities)
    {
        var counts = new int[affinities.Rows];
        RowParallel.Run(affinities.Rows, Chunk, (_, from, to) =>
        {
            for (var row = from; row < to; row++) counts[row] = affinities.Count(row);
        });
        starts = new int[affinities.Rows + 1];
        for (var row = 0; row < affinities.Rows; row++) starts[row + 1] = starts[row] + RowParallel.Chunks(counts[row], Lanes);
        columns = GC.AllocateUninitializedArray<int>(checked(starts[^1] * Lanes));
        values = GC.AllocateUninitializedArray<ushort>(columns.Length);
        scales = new float[affinities.Rows];
        RowParallel.Run(affinities.Rows, Chunk, () => new float[counts.Max()], (weights, _, from, to) =>
        {
            for (var row = from; row < to; row++) Pack(row, affinities, counts[row], weights);
        });
    }

    /// <summary>Number of points.</summary>
    public int Rows => scales.Length;

    /// <summary>Writes the attraction of every point, as many values as it has axes.</summary>
    public void Forces(Matrix points, Matrix forces)
    {
        if (points.Columns == 2 && Avx2.IsSupported) RowParallel.Run(Rows, Chunk, (_, from, to) => Plane(points.Values, forces.Values, from, to));
        else RowParallel.Run(Rows, Chunk, (_, from, to) => AnyAxes(points, forces, from, to));
    }

    /// <summary>Σ p_ij ln(p_ij (1 + d²)): the divergence, but for the logarithm of the normaliser.</summary>
    public double Divergence(Matrix points) => RowParallel.Sum(Rows, Chunk, (from, to) =>
    {
        var sum = 0.0;
        for (var row = from; row < to; row++)
            for (var k = starts[row] * Lanes; k < starts[row + 1] * Lanes; k++)
                if (values[k] != 0) sum += Value(row, k) * Math.Log(Value(row, k) * (1.0 + Squared(points, row, columns[k])));
        return sum;
    });

    /// <summary>The attraction, one entry after the other: any number of axes, any processor.</summary>
    internal void AnyAxes(Matrix points, Matrix forces, int from, int to)
    {
        Span<float> sum = stackalloc float[points.Columns];
        for (var row = from; row < to; row++)
        {
            sum.Clear();
            for (var k = starts[row] * Lanes; k < starts[row + 1] * Lanes; k++)
            {
                var pull = Decoded(values[k]) / (1 + Squared(points, row, columns[k]));
                for (var axis = 0; axis < sum.Length; axis++) sum[axis] += pull * (points[row, axis] - points[columns[k], axis]);
            }
            for (var axis = 0; axis < sum.Length; axis++) forces[row, axis] = sum[axis] * scales[row];
        }
    }

    private void Pack(int row, JoinedGraph affinities, int count, float[] weights)
    {
        var (place, end) = (starts[row] * Lanes, starts[row + 1] * Lanes);
        affinities.Entries(row, columns.AsSpan(place, count), weights);
        var largest = 0f;
        for (var k = 0; k < count; k++) largest = Math.Max(largest, weights[k]);
        scales[row] = largest * Lift;
        for (var k = 0; k < count; k++) values[place + k] = Encoded(weights[k] / largest);
        columns.AsSpan(place + count, end - place - count).Fill(row); // what fills up pulls nowhere
        values.AsSpan(place + count, end - place - count).Clear();
    }

    private static ushort Encoded(float share) =>
        share < Smallest ? (ushort)0 : (ushort)((BitConverter.SingleToUInt32Bits(share / Lift) + (1u << (Shift - 1))) >> Shift);

    private static float Decoded(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << Shift);

    private double Value(int row, int k) => (double)Decoded(values[k]) * scales[row];

    private static float Squared(Matrix points, int a, int b)
    {
        var sum = 0f;
        for (var axis = 0; axis < points.Columns; axis++)
        {
            var apart = points[a, axis] - points[b, axis];
            sum += apart * apart;
        }
        return sum;
    }

    // Eight neighbours at once. A pair of coordinates is loaded as one double: half the loads of a gather by axis.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Plane(float[] points, float[] forces, int from, int to)
    {
        fixed (float* place = points)
        fixed (int* column = columns)
        fixed (ushort* value = values)
            for (var row = from; row < to; row++)
            {
                var pairs = (double*)place;
                Vector256<float> x = Vector256.Create(place[2 * row]), y = Vector256.Create(place[2 * row + 1]), sumX = default, sumY = default;
                for (long k = (long)starts[row] * Lanes, end = (long)starts[row + 1] * Lanes; k < end; k += Lanes)
                {
                    var c = column + k;
                    var a = Vector256.Create(pairs[c[0]], pairs[c[1]], pairs[c[4]], pairs[c[5]]).AsSingle();
                    var b = Vector256.Create(pairs[c[2]], pairs[c[3]], pairs[c[6]], pairs[c[7]]).AsSingle();
                    Vector256<float> dx = x - Avx.Shuffle(a, b, 0x88), dy = y - Avx.Shuffle(a, b, 0xDD);
                    var weight = Avx2.ShiftLeftLogical(Avx2.ConvertToVector256Int32(value + k), Shift).AsSingle();
                    var pull = weight / Vector256.MultiplyAddEstimate(dx, dx, Vector256.MultiplyAddEstimate(dy, dy, Vector256<float>.One));
                    sumX = Vector256.MultiplyAddEstimate(pull, dx, sumX);
                    sumY = Vector256.MultiplyAddEstimate(pull, dy, sumY);
                }
                forces[2 * row] = Vector256.Sum(sumX) * scales[row];
                forces[2 * row + 1] = Vector256.Sum(sumY) * scales[row];
            }
    }
}
