using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>The counts of the whole process: nothing else may run beside these.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

[Collection(nameof(WholeProcess))]
public class LeakTests
{
    [Fact]
    public void Ten_thousand_operations_in_scopes_leave_the_total_count_as_it_was()
    {
        Settled.Collect();
        long before = Tensor.TotalCount;
        using (NewDisposeScope())
        {
            var x = arange(12.0).reshape(3, 4);
            for (int round = 0; round < 1000; round++)
            {
                using var scope = NewDisposeScope();
                var y = x.clone().requires_grad_();
                var z = (y.matmul(y.T) * 2 + 1).relu().sum();
                autograd.grad([z], [y])[0].neg_();
                _ = (y[0, 1..3], y[TensorIndex.Colon, 2], y.split(1), y.max(1));
            }
            Assert.Equal(before + 2, Tensor.TotalCount);
        }
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void The_peak_count_follows_the_total()
    {
        Settled.Collect();
        long peak = Tensor.PeakCount, total = Tensor.TotalCount;
        var many = Enumerable.Range(0, (int)(peak - total) + 10).Select(_ => zeros(1)).ToList();
        Assert.Equal(peak + 10, Tensor.PeakCount);
        many.ForEach(tensor => tensor.Dispose());
        Assert.Equal(total, Tensor.TotalCount);
        Assert.Equal(peak + 10, Tensor.PeakCount);
    }

    [Fact]
    public void A_forgotten_tensor_is_freed_by_its_finalizer()
    {
        Settled.Collect();
        long before = Tensor.TotalCount;
        Forget();
        Assert.True(Tensor.TotalCount > before);
        Settled.Collect();
        Assert.Equal(before, Tensor.TotalCount);

        static void Forget()
        {
            for (int k = 0; k < 100; k++) _ = zeros(1);
        }
    }

    [Fact]
    public void Disposing_twice_counts_once()
    {
        Settled.Collect();
        long before = Tensor.TotalCount;
        var x = zeros(1);
        x.Dispose();
        x.Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_failed_operation_leaves_nothing()
    {
        Settled.Collect();
        using var x = zeros(2);
        using var y = zeros(3);
        long before = Tensor.TotalCount;
        for (int k = 0; k < 10; k++) Assert.ThrowsAny<Exception>(() => x.add(y));
        for (int k = 0; k < 10; k++) Assert.ThrowsAny<Exception>(() => x[0, TensorIndex.None, 5]);
        Assert.Equal(before, Tensor.TotalCount);
    }
}
