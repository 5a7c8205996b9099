using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

/// <summary>Tensors against plain numbers.</summary>
internal static class Close
{
    public static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    public static void To(IEnumerable<double> expected, Tensor actual, double tolerance = 1e-6) => To(expected.ToArray(), actual, tolerance);

    public static void To(double[] want, Tensor actual, double tolerance = 1e-6)
    {
        var have = Numbers(actual);
        Assert.Equal(want.Length, have.Length);
        for (var i = 0; i < want.Length; i++)
            Assert.True(Math.Abs(want[i] - have[i]) <= tolerance * Math.Max(1, Math.Abs(want[i])), $"Element {i} is {have[i]}, expected {want[i]}.");
    }

    public static void To(Tensor expected, Tensor actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.shape, actual.shape);
        To(Numbers(expected), actual, tolerance);
    }

    /// <summary>Numbers that look random and are the same each time, in (−1, 1).</summary>
    public static Tensor Input(params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        return tensor([.. Enumerable.Range(0, (int)count).Select(i => Math.Sin((i * 12.9898) + 1))]).reshape(shape);
    }
}
