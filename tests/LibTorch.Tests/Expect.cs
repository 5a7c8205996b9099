using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Short ways to make inputs and to compare elements.</summary>
public static class Expect
{
    public static Tensor D(params double[] elements) => tensor(elements);

    public static Tensor L(params long[] elements) => tensor(elements);

    public static Tensor B(params bool[] elements) => tensor(elements);

    /// <summary>A 2 × 3 matrix of 1 to 6.</summary>
    public static Tensor M23 => tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });

    public static Tensor Matrix(double a, double b, double c, double d) => tensor(new[,] { { a, b }, { c, d } });

    public static void Elements(Tensor actual, params double[] expected)
    {
        double tolerance = actual.dtype is ScalarType.Float32 ? 2e-6 : actual.dtype is ScalarType.Float16 ? 2e-3 : 1e-11;
        double[] found = actual.detach().to(ScalarType.Float64).data<double>().ToArray();
        Assert.Equal(expected.Length, found.Length);
        for (int k = 0; k < found.Length; k++)
        {
            bool same = found[k].Equals(expected[k]) || Math.Abs(found[k] - expected[k]) <= tolerance * Math.Max(1, Math.Abs(expected[k]));
            Assert.True(same, $"Element {k} is {found[k]} and should be {expected[k]}: [{string.Join(", ", found)}].");
        }
    }
}
