using System.Runtime.InteropServices;
using ModelInspector.Numerics;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ModelInspector.Attribution.Maps;

/// <summary>The largest eigenvalue and its vector of Gram matrices: by power iteration where that is certain to have found it, else by a whole decomposition.</summary>
/// <remarks>
/// With the Rayleigh quotient θ of v, every other eigenvalue is at most √(‖G‖² − θ²); where that is below θ, v is off the leading vector by at most the sine
/// |Gv − θv| / (θ − √(‖G‖² − θ²)) (Davis and Kahan, SIAM Journal on Numerical Analysis 1970). Each matrix is treated alone, so that its batch does not matter.
/// </remarks>
internal static class LeadingVector
{
    private const int MostSteps = 60;
    private const int Patience = 8;
    private const double Tolerance = 1e-9;

    /// <param name="gram">(samples, n, n), symmetric, none of its eigenvalues below zero, in double.</param>
    /// <returns>(samples, 1, 1) and (samples, n, 1).</returns>
    public static (Tensor Value, Tensor Vector) Of(Tensor gram)
    {
        var (plain, n) = (gram.cpu().contiguous(), (int)gram.shape[1]);
        var found = new (bool Sure, double Value)[gram.shape[0]];
        var vectors = new double[found.Length * n];
        RowParallel.Run(found.Length, 1, (sample, _, _) =>
        {
            using var scope = NewDisposeScope();
            var sure = Iterated(MemoryMarshal.Cast<byte, double>(plain[sample].bytes), vectors.AsSpan(sample * n, n), out var value);
            found[sample] = (sure, value);
        });
        for (var sample = 0; sample < found.Length; sample++)
            if (!found[sample].Sure) found[sample].Value = Decomposed(plain[sample], vectors.AsSpan(sample * n, n));
        double[] values = [.. found.Select(one => one.Value)];
        return (tensor(values).reshape(-1, 1, 1).to(gram.device), tensor(vectors).reshape(-1, n, 1).to(gram.device));
    }

    /// <summary>Whether power iteration from a vector of ones finds it for certain.</summary>
    internal static bool Iterated(ReadOnlySpan<double> gram, Span<double> vector, out double value)
    {
        var product = new double[vector.Length];
        var whole = TensorPrimitives.SumOfSquares(gram);
        value = 0;
        vector.Fill(1);
        Multiply(gram, vector, product);
        for (var step = 0; step < MostSteps; step++)
        {
            TensorPrimitives.Divide(product, TensorPrimitives.Norm<double>(product), vector);
            Multiply(gram, vector, product);
            value = TensorPrimitives.Dot(vector, product);
            var gap = value - Math.Sqrt(Math.Max(0, whole - value * value));
            if (step >= Patience && !(gap > 0)) return false;
            if (gap > 0 && Residual(product, vector, value) <= Tolerance * gap) return true;
        }
        return false;
    }

    private static void Multiply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> product)
    {
        for (var row = 0; row < product.Length; row++) product[row] = TensorPrimitives.Dot(matrix.Slice(row * vector.Length, vector.Length), vector);
    }

    private static double Residual(ReadOnlySpan<double> product, ReadOnlySpan<double> vector, double value)
    {
        var sum = 0.0;
        for (var i = 0; i < product.Length; i++) sum += (product[i] - value * vector[i]) * (product[i] - value * vector[i]);
        return Math.Sqrt(sum);
    }

    private static double Decomposed(Tensor gram, Span<double> vector)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(gram);          // ascending
        MemoryMarshal.Cast<byte, double>(vectors.select(1, -1).contiguous().bytes).CopyTo(vector);
        return values[-1].item<double>();
    }
}
