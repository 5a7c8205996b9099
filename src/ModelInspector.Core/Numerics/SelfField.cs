using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// The field that a point's own charge makes at its place through the grid, with its gradient: it should be one and flat, and is neither,
/// but it depends on the place within a cell alone. Tabulated once, so that it can be taken off exactly.
/// </summary>
internal sealed class SelfField
{
    private const int Steps = 32, Side = Steps + 1, Nodes = 4;
    private readonly Vector128<float>[] table = new Vector128<float>[Side * Side]; // field, slope across, slope down, 0

    private SelfField()
    {
    }

    /// <param name="lags">The kernel between nodes at lags 0 … 3 by 0 … 3.</param>
    public SelfField(double[,] lags)
    {
        for (var i = 0; i < Side; i++)
            for (var j = 0; j < Side; j++) table[i * Side + j] = Between(lags, (float)j / Steps, (float)i / Steps);
    }

    /// <summary>Nothing to take off: for places that carry no charge.</summary>
    public static SelfField None { get; } = new();

    /// <summary>Field, slope across and slope down at a place in a cell, interpolated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<float> At(float u, float v)
    {
        u *= Steps;
        v *= Steps;
        int column = Math.Min((int)u, Steps - 1), row = Math.Min((int)v, Steps - 1);
        Vector128<float> a = Vector128.Create(u - column), b = Vector128.Create(v - row);
        var place = row * Side + column;
        Vector128<float> top = Mix(table[place], table[place + 1], a), bottom = Mix(table[place + Side], table[place + Side + 1], a);
        return Mix(top, bottom, b);
    }

    private static Vector128<float> Mix(Vector128<float> from, Vector128<float> to, Vector128<float> share) =>
        Vector128.MultiplyAddEstimate(to - from, share, from);

    private static Vector128<float> Between(double[,] lags, float u, float v)
    {
        Vector128<float> wx = CubicGrid.Weights(u), wy = CubicGrid.Weights(v), dx = CubicGrid.Slopes(u), dy = CubicGrid.Slopes(v);
        double field = 0, across = 0, down = 0;
        for (var p = 0; p < Nodes * Nodes; p++)
            for (var q = 0; q < Nodes * Nodes; q++)
            {
                int py = p / Nodes, px = p % Nodes, qy = q / Nodes, qx = q % Nodes;
                var charge = lags[Math.Abs(py - qy), Math.Abs(px - qx)] * wy[qy] * wx[qx];
                field += charge * wy[py] * wx[px];
                across += charge * wy[py] * dx[px];
                down += charge * dy[py] * wx[px];
            }
        return Vector128.Create((float)field, (float)across, (float)down, 0);
    }
}
