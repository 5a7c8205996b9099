using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

/// <summary>Data with a known structure.</summary>
internal static class Clouds
{
    /// <summary>Standard normal numbers.</summary>
    public static Matrix Noise(int rows, int columns, ulong seed = 1)
    {
        var random = new Randomness(seed, 0xC10D);
        return new Matrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => (float)random.Normal((ulong)i))]);
    }

    /// <summary>Round clusters whose centres are <paramref name="apart"/> standard deviations from the origin; row i belongs to cluster i mod count.</summary>
    public static (Matrix Data, int[] Labels) Clusters(int rows, int columns, int count, float apart, ulong seed = 1)
    {
        var (data, centres) = (Noise(rows, columns, seed), Noise(count, columns, seed + 1000));
        for (var i = 0; i < rows; i++)
        {
            var centre = centres.Row(i % count);
            var length = MathF.Sqrt(centre.ToArray().Sum(value => value * value));
            for (var j = 0; j < columns; j++) data[i, j] += apart * centre[j] / length;
        }
        return (data, [.. Enumerable.Range(0, rows).Select(i => i % count)]);
    }

    /// <summary>Columns of very different spread, so that principal directions are well apart.</summary>
    public static Matrix Stretched(int rows, int columns, ulong seed = 1, float offset = 0)
    {
        var (data, mix) = (Noise(rows, columns, seed), Noise(columns, columns, seed + 7));
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) data[i, j] *= MathF.Pow(0.8f, j);
        var mixed = Gemm.Multiply(new Operand(data), new Operand(mix));
        for (var i = 0; i < mixed.Values.Length; i++) mixed.Values[i] += offset;
        return mixed;
    }
}
