using System.Numerics;

namespace ModelInspector.Attribution.Maps;

/// <summary>g · A.</summary>
internal readonly struct Product : IPointwise
{
    public static Vector<float> Of(Vector<float> gradient, Vector<float> activation) => gradient * activation;
}

/// <summary>ReLU(g · A).</summary>
internal readonly struct PositiveProduct : IPointwise
{
    public static Vector<float> Of(Vector<float> gradient, Vector<float> activation) => Vector.Max(gradient * activation, Vector<float>.Zero);
}

/// <summary>ReLU(g) · A.</summary>
internal readonly struct PositiveGradient : IPointwise
{
    public static Vector<float> Of(Vector<float> gradient, Vector<float> activation) => Vector.Max(gradient, Vector<float>.Zero) * activation;
}

/// <summary>|g · A|.</summary>
internal readonly struct AbsoluteProduct : IPointwise
{
    public static Vector<float> Of(Vector<float> gradient, Vector<float> activation) => Vector.Abs(gradient * activation);
}
