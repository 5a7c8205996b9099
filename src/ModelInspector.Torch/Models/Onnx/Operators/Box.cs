namespace ModelInspector.Models.Onnx.Operators;

/// <summary>An upright box.</summary>
internal readonly record struct Box(double Top, double Left, double Bottom, double Right)
{
    /// <summary>The box at an index of a flat list; by two opposite corners in any order, or by centre and size.</summary>
    public static Box Of(double[] numbers, int index, bool isCentred)
    {
        var (a, b, c, d) = (numbers[4 * index], numbers[(4 * index) + 1], numbers[(4 * index) + 2], numbers[(4 * index) + 3]);
        return isCentred
            ? new(b - (d / 2), a - (c / 2), b + (d / 2), a + (c / 2))
            : new(Math.Min(a, c), Math.Min(b, d), Math.Max(a, c), Math.Max(b, d));
    }

    public double Area => (Bottom - Top) * (Right - Left);

    /// <summary>Area in common over area in all.</summary>
    public double Overlap(Box other)
    {
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        return height <= 0 || width <= 0 ? 0 : height * width / (Area + other.Area - (height * width));
    }
}
