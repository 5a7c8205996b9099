using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class ShapeTests
{
    public static Cases Table => new()
    {
        { "reshape", [3, 2], () => reshape(M23, 3, 2), 1, 2, 3, 4, 5, 6 },
        { "reshape_as", [3, 2], () => M23.reshape_as(zeros(3, 2)), 1, 2, 3, 4, 5, 6 },
        { "view", [6], () => M23.view(-1), 1, 2, 3, 4, 5, 6 },
        { "view as type", [4], () => zeros(2, ScalarType.Float64).view(ScalarType.Int32), 0, 0, 0, 0 },
        { "view_as", [3, 2], () => M23.view_as(zeros(3, 2)), 1, 2, 3, 4, 5, 6 },
        { "flatten", [6], () => flatten(M23), 1, 2, 3, 4, 5, 6 },
        { "ravel", [6], () => M23.ravel(), 1, 2, 3, 4, 5, 6 },
        { "unflatten", [2, 3, 1], () => M23.unflatten(1, 3, 1), 1, 2, 3, 4, 5, 6 },
        { "unflatten size", [2, 3, 1], () => M23.unflatten(1, new Size((3, 1))), 1, 2, 3, 4, 5, 6 },
        { "squeeze", [2], () => squeeze(D(1, 2).reshape(1, 2, 1)), 1, 2 },
        { "squeeze dim", [1, 2], () => squeeze(D(1, 2).reshape(1, 2, 1), 2), 1, 2 },
        { "squeeze_", [2], () => D(1, 2).reshape(1, 2).squeeze_(), 1, 2 },
        { "unsqueeze", [2, 1], () => unsqueeze(D(1, 2), 1), 1, 2 },
        { "unsqueeze_", [1, 2], () => D(1, 2).unsqueeze_(0), 1, 2 },
        { "t", [3, 2], () => M23.t(), 1, 4, 2, 5, 3, 6 },
        { "T", [3, 2], () => M23.T, 1, 4, 2, 5, 3, 6 },
        { "mT", [3, 2], () => M23.mT, 1, 4, 2, 5, 3, 6 },
        { "H", [3, 2], () => M23.H, 1, 4, 2, 5, 3, 6 },
        { "adjoint", [3, 2], () => M23.adjoint(), 1, 4, 2, 5, 3, 6 },
        { "transpose", [3, 2], () => transpose(M23, 0, 1), 1, 4, 2, 5, 3, 6 },
        { "transpose_", [3, 2], () => M23.transpose_(0, 1), 1, 4, 2, 5, 3, 6 },
        { "swapaxes", [3, 2], () => M23.swapaxes(0, 1), 1, 4, 2, 5, 3, 6 },
        { "swapdims", [3, 2], () => M23.swapdims(0, 1), 1, 4, 2, 5, 3, 6 },
        { "permute", [3, 2], () => permute(M23, 1, 0), 1, 4, 2, 5, 3, 6 },
        { "permute list", [3, 2], () => M23.permute(new List<long> { 1, 0 }), 1, 4, 2, 5, 3, 6 },
        { "movedim", [3, 2], () => movedim(M23, 0, 1), 1, 4, 2, 5, 3, 6 },
        { "movedim lists", [3, 2], () => movedim(M23, [0L], [1L]), 1, 4, 2, 5, 3, 6 },
        { "moveaxis", [3, 2], () => M23.moveaxis([0L], [1L]), 1, 4, 2, 5, 3, 6 },
        { "expand", [2, 2], () => D(1, 2).expand(2, 2), 1, 2, 1, 2 },
        { "expand size", [2, 2], () => D(1, 2).expand(new Size((2, 2))), 1, 2, 1, 2 },
        { "expand span", [2, 2], () => D(1, 2).expand((ReadOnlySpan<long>)[2, 2]), 1, 2, 1, 2 },
        { "expand_as", [2, 2], () => D(1, 2).expand_as(zeros(2, 2)), 1, 2, 1, 2 },
        { "broadcast_to", [2, 2], () => broadcast_to(D(1, 2), 2, 2), 1, 2, 1, 2 },
        { "broadcast_tensors", [2, 2], () => broadcast_tensors(D(1, 2), D(3, 4).reshape(2, 1))[1], 3, 3, 4, 4 },
        { "repeat", [2, 4], () => D(1, 2).repeat(2, 2), 1, 2, 1, 2, 1, 2, 1, 2 },
        { "tile", [4], () => tile(D(1, 2), [2L]), 1, 2, 1, 2 },
        { "repeat_interleave", () => repeat_interleave(D(1, 2), 2), 1, 1, 2, 2 },
        { "repeat_interleave tensor", () => repeat_interleave(D(1, 2), L(1, 3), 0), 1, 2, 2, 2 },
        { "flip", () => flip(M23, 1), 3, 2, 1, 6, 5, 4 },
        { "fliplr", () => M23.fliplr(), 3, 2, 1, 6, 5, 4 },
        { "flipud", () => M23.flipud(), 4, 5, 6, 1, 2, 3 },
        { "rot90", [3, 2], () => rot90(M23), 3, 6, 2, 5, 1, 4 },
        { "rot90 other axes", [3, 2], () => rot90(M23, 1, (1, 0)), 4, 1, 5, 2, 6, 3 },
        { "roll", () => roll(D(1, 2, 3), 1), 3, 1, 2 },
        { "roll dim", () => roll(M23, 1, 1), 3, 1, 2, 6, 4, 5 },
        { "roll tuples", () => roll(M23, (1, 1), (0, 1)), 6, 4, 5, 3, 1, 2 },
        { "roll lists", () => roll(M23, [1L], [0L]), 4, 5, 6, 1, 2, 3 },
        { "roll shifts only", () => roll(D(1, 2, 3), [1L]), 3, 1, 2 },
        { "roll spans", () => roll(M23, (ReadOnlySpan<long>)[1], (ReadOnlySpan<long>)[0]), 4, 5, 6, 1, 2, 3 },
        { "narrow", [2, 2], () => M23.narrow(1, 1, 2), 2, 3, 5, 6 },
        { "select", [2], () => M23.select(1, 2), 3, 6 },
        { "slice", [2, 2], () => M23.slice(1, 0, 3, 2), 1, 3, 4, 6 },
        { "unfold", [2, 2], () => D(1, 2, 3).unfold(0, 2, 1), 1, 2, 2, 3 },
        { "as_strided", [2, 2], () => D(1, 2, 3, 4).as_strided([2, 2], [1, 2]), 1, 3, 2, 4 },
        { "as_strided with offset", [2], () => D(1, 2, 3, 4).as_strided([2], [1], 2), 3, 4 },
        { "atleast_1d", [1], () => tensor(3.0).atleast_1d(), 3 },
        { "atleast_2d", [1, 1], () => tensor(3.0).atleast_2d(), 3 },
        { "atleast_3d", [1, 1, 1], () => tensor(3.0).atleast_3d(), 3 },
        { "chunk", [1, 3], () => chunk(M23, 2)[1], 4, 5, 6 },
        { "split size", [1, 3], () => M23.split(1)[1], 4, 5, 6 },
        { "split sizes", [2, 2], () => split(M23, [1L, 2L], 1)[1], 2, 3, 5, 6 },
        { "split params", [1], () => D(1, 2, 3).split(2, 1L)[1], 3 },
        { "tensor_split", [1], () => D(1, 2, 3).tensor_split(2)[1], 3 },
        { "tensor_split at", [2], () => D(1, 2, 3).tensor_split([1L])[1], 2, 3 },
        { "unbind", [3], () => unbind(M23, 0)[1], 4, 5, 6 },
        { "diag", [2, 2], () => diag(D(1, 2)), 1, 0, 0, 2 },
        { "diagonal", [2], () => diagonal(M23, 1), 2, 6 },
        { "diag_embed", [2, 2], () => D(1, 2).diag_embed(), 1, 0, 0, 2 },
        { "diagflat", [2, 2], () => D(1, 2).diagflat(), 1, 0, 0, 2 },
        { "tril", () => tril(Matrix(1, 2, 3, 4)), 1, 0, 3, 4 },
        { "triu", () => triu(Matrix(1, 2, 3, 4), 1), 0, 2, 0, 0 },
        { "cat", [3, 3], () => cat([M23, ones(1, 3, float64)]), 1, 2, 3, 4, 5, 6, 1, 1, 1 },
        { "cat list", [2], () => cat(new List<Tensor> { D(1), D(2) }), 1, 2 },
        { "concat", [2, 2], () => concat([D(1, 2).reshape(2, 1), D(3, 4).reshape(2, 1)], 1), 1, 3, 2, 4 },
        { "stack", [2, 2], () => stack([D(1, 2), D(3, 4)], 1), 1, 3, 2, 4 },
        { "hstack", [3], () => hstack(D(1), D(2, 3)), 1, 2, 3 },
        { "vstack", [2, 2], () => vstack([D(1, 2), D(3, 4)]), 1, 2, 3, 4 },
        { "meshgrid", [2, 3], () => meshgrid([D(1, 2), D(3, 4, 5)])[0], 1, 1, 1, 2, 2, 2 },
        { "meshgrid xy", [3, 2], () => meshgrid([D(1, 2), D(3, 4, 5)], "xy")[0], 1, 2, 1, 2, 1, 2 },
        { "block_diag", [2, 2], () => block_diag(D(1).reshape(1, 1), D(2).reshape(1, 1)), 1, 0, 0, 2 },
        { "cartesian_prod", [2, 2], () => cartesian_prod(D(1), D(2, 3)), 1, 2, 1, 3 },
        { "gather", () => gather(M23, 1, L(2, 0).reshape(2, 1)), 3, 4 },
        { "gather sparse", () => gather(M23, 1, L(2, 0).reshape(2, 1), sparse_grad: true), 3, 4 },
        { "take", () => M23.take(L(5, 0)), 6, 1 },
        { "take_along_dim", () => take_along_dim(D(5, 6, 7), L(2, 0)), 7, 5 },
        { "take_along_dim list", () => take_along_dim(D(5, 6, 7), new List<long> { 2, 0 }), 7, 5 },
        { "take_along_dim flat", () => M23.take_along_dim(L(5, 0)), 6, 1 },
        { "take_along_dim flat list", () => M23.take_along_dim(new List<long> { 5, 0 }), 6, 1 },
        { "scatter", () => scatter(zeros(3, float64), 0, L(2, 0), D(7, 8)), 8, 0, 7 },
        { "scatter value", () => zeros(3, float64).scatter(0, L(2), 7), 0, 0, 7 },
        { "scatter_", () => zeros(3, float64).scatter_(0, L(2, 0), D(7, 8)), 8, 0, 7 },
        { "scatter_ value", () => zeros(3, float64).scatter_(0, L(2), 7), 0, 0, 7 },
        { "scatter_add", () => scatter_add(ones(2, float64), 0, L(1, 1), D(7, 8)), 1, 16 },
        { "scatter_add_", () => ones(2, float64).scatter_add_(0, L(1, 1), D(7, 8)), 1, 16 },
        { "index_select", [2, 2], () => index_select(M23, 1, L(2, 0)), 3, 1, 6, 4 },
        { "index_add", () => D(1, 1).index_add(0, L(1), D(5), 2), 1, 11 },
        { "index_add_", () => D(1, 1).index_add_(0, L(1), D(5), 2), 1, 11 },
        { "index_copy", () => D(1, 1).index_copy(0, L(1), D(5)), 1, 5 },
        { "index_copy_", () => D(1, 1).index_copy_(0, L(1), D(5)), 1, 5 },
        { "index_fill", () => D(1, 1).index_fill(0, L(1), 5), 1, 5 },
        { "index_fill_", () => D(1, 1).index_fill_(0, L(1), 5), 1, 5 },
        { "clone", () => clone(D(1, 2)), 1, 2 },
        { "alias", () => D(1, 2).alias(), 1, 2 },
        { "contiguous", () => M23.T.contiguous(), 1, 4, 2, 5, 3, 6 },
        { "detach", () => detach(D(1, 2)), 1, 2 },
        { "detach_", () => D(1, 2).detach_(), 1, 2 },
        { "copy_", () => zeros(2, float64).copy_(D(1, 2)), 1, 2 },
        { "set_", () => zeros(3, float64).set_(D(1, 2)), 1, 2 },
        { "fill_", () => zeros(2).fill_(3), 3, 3 },
        { "zero_", () => D(1, 2).zero_(), 0, 0 },
        { "resize_", [1], () => D(4, 5).resize_(1), 4 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    [Fact]
    public void A_view_shares_its_elements_and_a_clone_does_not()
    {
        using var scope = NewDisposeScope();
        var x = D(1, 2);
        x.view(2, 1).fill_(7);
        Elements(x, 7, 7);
        x.clone().fill_(0);
        Elements(x, 7, 7);
    }

    [Fact]
    public void Shape_strides_and_extents_can_be_asked()
    {
        using var scope = NewDisposeScope();
        var x = M23.T;
        Assert.Equal([3, 2], x.shape);
        Assert.Equal([3, 2], x.size());
        Assert.Equal(2, x.size(-1));
        Assert.Equal([1, 3], x.stride());
        Assert.Equal(3, x.stride(1));
        Assert.Equal(2, x.dim());
        Assert.Equal(2, x.ndim);
        Assert.Equal(6, numel(x));
        Assert.Equal(8, x.element_size());
        Assert.Equal(1, M23[0, 1].storage_offset());
        Assert.False(x.is_contiguous());
        Assert.True(x.contiguous().is_contiguous());
        Assert.Throws<ArgumentOutOfRangeException>(() => x.size(2));
    }
}
