using System.Numerics;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Numerics;

public unsafe class FftTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(20)]
    [InlineData(64)]
    [InlineData(90)]
    [InlineData(128)]
    [InlineData(250)]
    public void Every_lane_is_transformed_as_the_definition_says(int length)
    {
        Check<float>(length, value => (float)value, value => value, 2e-6);
        Check(length, value => value, value => value, 1e-14);
    }

    [Fact]
    public void Good_lengths_are_even_products_of_2_3_and_5() =>
        Assert.Equal([2, 4, 6, 8, 10, 12, 16, 16, 18, 20], Enumerable.Range(1, 10).Select(half => Fft<float>.GoodLength(2 * half)));

    [Fact]
    public void Other_lengths_are_refused() => Assert.Contains("14 is no product of 2, 3 and 5", Assert.Throws<ArgumentException>(() => new Fft<float>(14)).Message);

    [Theory]
    [InlineData(5, 9)]
    [InlineData(16, 16)]
    [InlineData(24, 45)]
    public void Convolution_is_the_sum_over_all_pairs_of_cells(int rows, int columns)
    {
        static double Kernel(int i, int j) => 1 / (1 + 0.25 * (i * i + j * j));
        var random = new Randomness(3);
        using var convolution = new Convolution<float>(rows, columns);
        var transform = Convolution<float>.TransformEven(rows, columns, Kernel);
        convolution.SetKernel((i, j) => transform[i, j]);
        var grid = new float[rows * convolution.Stride];
        var charge = new double[rows, columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++) grid[i * convolution.Stride + j] = (float)(charge[i, j] = random.Uniform((ulong)(i * columns + j)));
        convolution.Apply(grid);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < rows; k++)
                    for (var l = 0; l < columns; l++) sum += charge[k, l] * Kernel(i - k, j - l);
                Assert.Equal(sum, grid[i * convolution.Stride + j], sum * 1e-5);
            }
    }

    private static void Check<T>(int length, Func<double, T> to, Func<T, double> from, double tolerance) where T : unmanaged
    {
        var (fft, random, lanes) = (new Fft<T>(length), new Randomness(7), Fft<T>.Lanes);
        var memory = Enumerable.Range(0, 4 * length * lanes).Select(i => to(random.Uniform((ulong)i) - 0.5)).ToArray();
        var before = memory.Select(from).ToArray();
        fixed (T* start = memory)
        {
            var size = length * lanes;
            var result = start + (fft.Transform(start, start + size, start + 2 * size, start + 3 * size) ? 2 * size : 0);
            for (var lane = 0; lane < lanes; lane++)
                for (var k = 0; k < length; k++)
                {
                    var sum = Complex.Zero;
                    for (var n = 0; n < length; n++)
                        sum += new Complex(before[n * lanes + lane], before[size + n * lanes + lane]) * Complex.FromPolarCoordinates(1, -2 * Math.PI * (n * k % length) / length);
                    Assert.Equal(sum.Real, from(result[k * lanes + lane]), tolerance * length);
                    Assert.Equal(sum.Imaginary, from(result[size + k * lanes + lane]), tolerance * length);
                }
        }
    }
}
