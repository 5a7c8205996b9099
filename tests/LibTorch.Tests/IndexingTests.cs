using System.Runtime.InteropServices;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class IndexingTests
{
    private static Tensor Cube => arange(24).reshape(2, 3, 4).@double();

    public static Cases Table => new()
    {
        { "one position", [3], () => M23[1], 4, 5, 6 },
        { "a position from the end", [3], () => M23[-1], 4, 5, 6 },
        { "two positions", [], () => M23[1, 2], 6 },
        { "three positions", [], () => Cube[1, 2, 3], 23 },
        { "four positions", [], () => Cube.unsqueeze(0)[0, 1, 2, 3], 23 },
        { "five positions", [], () => Cube.reshape(1, 1, 2, 3, 4)[0, 0, 1, 2, 3], 23 },
        { "six positions", [], () => Cube.reshape(1, 1, 1, 2, 3, 4)[0, 0, 0, 1, 2, 3], 23 },
        { "positions as an array", [4], () => Cube[new long[] { 1, 2 }], 20, 21, 22, 23 },
        { "a range", [2], () => D(1, 2, 3, 4)[1..3], 2, 3 },
        { "a range to the end", [2], () => D(1, 2, 3, 4)[2..], 3, 4 },
        { "a range from the end", [2], () => D(1, 2, 3, 4)[^2..], 3, 4 },
        { "a range to before the end", [3], () => D(1, 2, 3, 4)[..^1], 1, 2, 3 },
        { "an empty range at the end", [0], () => D(1, 2)[^0..], [] },
        { "an index from the end", [], () => D(1, 2, 3)[^1], 3 },
        { "a tuple", [2], () => D(1, 2, 3, 4)[TensorIndex.Slice((1, 3))], 2, 3 },
        { "an open tuple", [2], () => D(1, 2, 3, 4)[TensorIndex.Slice((2, null))], 3, 4 },
        { "a slice with a step", [2], () => D(1, 2, 3, 4)[TensorIndex.Slice(0, 4, 2)], 1, 3 },
        { "a colon and a position", [2], () => M23[TensorIndex.Colon, 1], 2, 5 },
        { "an ellipsis", [2, 3], () => Cube[TensorIndex.Ellipsis, 0], 0, 4, 8, 12, 16, 20 },
        { "an ellipsis in the middle", [3], () => Cube[1, TensorIndex.Ellipsis, 0], 12, 16, 20 },
        { "an ellipsis that stands for nothing", [], () => M23[1, TensorIndex.Ellipsis, 2], 6 },
        { "a new axis", [1, 2], () => D(1, 2)[TensorIndex.None], 1, 2 },
        { "a new axis at the end", [2, 1], () => D(1, 2)[TensorIndex.Ellipsis, TensorIndex.Null], 1, 2 },
        { "a mask", [2], () => M23[M23 > 4], 5, 6 },
        { "a mask over the first axis", [1, 3], () => M23[B(false, true)], 4, 5, 6 },
        { "a mask and a position", [1], () => M23[TensorIndex.Tensor(B(false, true)), 1], 5 },
        { "a mask of two axes and a position", [2], () => Cube[TensorIndex.Tensor(tensor(new[,] { { true, false, false }, { false, false, true } })), 1], 1, 21 },
        { "an index tensor", [2, 3], () => M23[L(1, 0)], 4, 5, 6, 1, 2, 3 },
        { "index tensors pair up", [2], () => M23[L(0, 1), L(2, 0)], 3, 4 },
        { "an index tensor after a colon", [2, 2], () => M23[TensorIndex.Colon, TensorIndex.Tensor(L(2, 0))], 3, 1, 6, 4 },
        { "an index tensor after a position", [2], () => M23[TensorIndex.Single(1), TensorIndex.Tensor(L(2, 0))], 6, 4 },
        { "an index tensor without axes is a position", [3], () => M23[TensorIndex.Tensor(tensor(1L))], 4, 5, 6 },
        { "true is a new axis", [1, 2], () => D(1, 2)[TensorIndex.Bool(true)], 1, 2 },
        { "false is a new axis of no extent", [0, 2], () => D(1, 2)[TensorIndex.Bool(false)], [] },
        { "a mask without axes", [1, 2], () => D(1, 2)[TensorIndex.Tensor(tensor(true))], 1, 2 },
        { "index", [2], () => M23.index(TensorIndex.Colon, 1), 2, 5 },
        { "index of tensors", [2], () => M23.index(L(0, 1), L(2, 0)), 3, 4 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_index_picks_what_it_picks_in_pytorch(Case entry) => entry.Check();

    public static TheoryData<string, Action<Tensor>, double[]> Writes => new()
    {
        { "one position", x => x[1] = D(7, 8, 9), [1, 2, 3, 7, 8, 9] },
        { "a number to one position", x => x[1] = 7.0, [1, 2, 3, 7, 7, 7] },
        { "two positions", x => x[1, 2] = 7, [1, 2, 3, 4, 5, 7] },
        { "positions as an array", x => x[new long[] { 1, 2 }] = 7, [1, 2, 3, 4, 5, 7] },
        { "a colon and a position", x => x[TensorIndex.Colon, 0] = D(7, 8), [7, 2, 3, 8, 5, 6] },
        { "a range", x => x[TensorIndex.Colon, 1..] = 0, [1, 0, 0, 4, 0, 0] },
        { "a mask", x => x[x > 4] = 0, [1, 2, 3, 4, 0, 0] },
        { "an index tensor", x => x[L(1)] = D(7, 8, 9), [1, 2, 3, 7, 8, 9] },
        { "a position and an index tensor", x => x[TensorIndex.Single(0), TensorIndex.Tensor(L(2, 0))] = D(7, 8), [8, 2, 7, 4, 5, 6] },
        { "an ellipsis", x => x[TensorIndex.Ellipsis] = 3, [3, 3, 3, 3, 3, 3] },
        { "extra leading axes of the value", x => x[1] = D(7, 8, 9).reshape(1, 1, 3), [1, 2, 3, 7, 8, 9] },
        { "index_put_", x => x.index_put_(D(7, 8), TensorIndex.Colon, TensorIndex.Single(0)), [7, 2, 3, 8, 5, 6] },
        { "index_put_ of a number", x => x.index_put_((Scalar)7, TensorIndex.Colon, TensorIndex.Single(0)), [7, 2, 3, 7, 5, 6] },
        { "index_put_ of a number at tensors", x => x.index_put_((Scalar)7, L(0, 1), L(0, 2)), [7, 2, 3, 4, 5, 7] },
        { "index_put_ accumulates", x => x.index_put_(D(1, 1), [L(0, 0), L(0, 0)], accumulate: true), [3, 2, 3, 4, 5, 6] },
        { "index_put_ accumulates on a view", x => x.index_put_(D(1, 1), [TensorIndex.Colon, 0], accumulate: true), [2, 2, 3, 5, 5, 6] },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public void A_write_changes_what_the_index_picks(string name, Action<Tensor> write, double[] expected)
    {
        Assert.NotEmpty(name);
        using var scope = NewDisposeScope();
        var x = M23;
        write(x);
        Elements(x, expected);
    }

    [Fact]
    public void Positions_and_slices_are_views_and_tensors_are_copies()
    {
        using var scope = NewDisposeScope();
        var x = M23;
        x[0].fill_(0);
        x[TensorIndex.Colon, 1..2].fill_(9);
        x[L(1)].fill_(-1);
        Elements(x, 0, 9, 0, 4, 9, 6);
    }

    [Fact]
    public void An_index_outside_the_tensor_says_so()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => M23[2]);
        Assert.Equal("select(): index 2 out of range for tensor of size [2, 3] at dimension 0", error.Message);
        Assert.Throws<ExternalException>(() => M23[0, 0, 0]);
    }

    [Fact]
    public void An_index_leaves_nothing_behind_but_its_result()
    {
        static long Count() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        using var x = M23;
        using var mask = B(true, false);
        using var row = D(8, 9);
        long before = Count();
        using (var picked = x[TensorIndex.Tensor(mask), 1..]) Assert.Equal(before + 1, Count());
        using (var view = x[1, TensorIndex.None, 1..2]) Assert.Equal(before + 1, Count());
        x[0, 1..] = row;
        Assert.Equal(before, Count());
    }
}
