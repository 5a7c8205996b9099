using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

[Collection(nameof(WholeProcess))]
public class MemoryTests
{
    private const long Million = 1 << 20;

    [Fact]
    public void What_a_large_tensor_leaves_is_handed_to_the_next_of_its_size()
    {
        var first = empty(7_654_321, dtype: float32);
        var place = Place(first);
        first.Dispose();
        using var next = empty(7_600_000, dtype: float32);
        Assert.Equal(place, Place(next));
    }

    private static unsafe nint Place(Tensor tensor)
    {
        fixed (byte* first = tensor.bytes) return (nint)first;
    }

    [Fact]
    public void Blocks_in_use_do_not_overlap_and_keep_what_is_written_into_them()
    {
        using var scope = NewDisposeScope();
        var random = new Random(5);
        var live = new List<(Tensor Tensor, int Value)>();
        for (var round = 0; round < 300; round++)
        {
            if (live.Count > 12)
            {
                var at = random.Next(live.Count);
                Assert.True(live[at].Tensor.eq(live[at].Value).all().item<bool>());
                live[at].Tensor.Dispose();
                live.RemoveAt(at);
            }
            live.Add((full(random.NextInt64(Million / 8, 2 * Million), round, dtype: float32), round));
        }
        Assert.All(live, entry => Assert.True(entry.Tensor.eq(entry.Value).all().item<bool>()));
    }

    [Fact]
    public void No_more_than_half_a_gigabyte_lies_idle()
    {
        for (var size = 1; size < 40; size++)
        {
            using var left = empty(size * 5 * Million);
        }
        Assert.InRange(Bridge.mi_memory_idle(), 1, 512 * Million);
    }

    [Fact]
    public void A_tensor_that_no_memory_could_hold_is_refused()
    {
        var error = Assert.ThrowsAny<Exception>(() => empty(1L << 45));
        Assert.Contains("memory", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => empty(long.MaxValue / 8));
    }
}
