namespace TorchSharp.Modules;

/// <summary>Kernel sizes, strides and paddings: one number for all dimensions, or one a dimension.</summary>
internal static class Lengths
{
    public static long[] Of(int dimensions, long length)
    {
        var lengths = new long[dimensions];
        Array.Fill(lengths, length);
        return lengths;
    }

    public static long[]? Of(int dimensions, long? length) => length is { } value ? Of(dimensions, value) : null;
    public static long[] Of((long, long) pair) => [pair.Item1, pair.Item2];
    public static long[] Of((long, long, long) triple) => [triple.Item1, triple.Item2, triple.Item3];
    public static long[]? Of((long, long)? pair) => pair is { } value ? Of(value) : null;
    public static long[]? Of((long, long, long)? triple) => triple is { } value ? Of(value) : null;
}
