using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Tensors that earlier tests left to the garbage collector must not vanish in the middle of a test that counts.</summary>
internal static class Settled
{
    /// <summary>Tensors alive once everything that can be collected is.</summary>
    public static long Count()
    {
        Collect();
        return Tensor.TotalCount;
    }

    public static void Collect()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
