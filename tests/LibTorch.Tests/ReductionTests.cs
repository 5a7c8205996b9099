using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class ReductionTests
{
    private static Tensor Cube => arange(8).reshape(2, 2, 2).@double();
    private static Tensor V => D(1, 2, 3, 6);

    public static Cases Table => new()
    {
        { "sum", [], () => sum(M23), 21 },
        { "sum as", () => M23.sum(ScalarType.Int64), 21 },
        { "sum dim", [2], () => sum(M23, 1), 6, 15 },
        { "sum keepdim", [2, 1], () => sum(M23, 1, keepdim: true), 6, 15 },
        { "sum dims", [], () => M23.sum([0L, 1L]), 21 },
        { "sum span", [3], () => sum(M23, (ReadOnlySpan<long>)[0]), 5, 7, 9 },
        { "sum two dims", [2], () => Cube.sum(0, 1), 12, 16 },
        { "sum three dims", [], () => Cube.sum(0, 1, 2), 28 },
        { "nansum", () => D(1, double.NaN).nansum(), 1 },
        { "mean", () => mean(M23), 3.5 },
        { "mean dim", [3], () => mean(M23, [0L]), 2.5, 3.5, 4.5 },
        { "mean keepdim as", [1, 3], () => L(1, 2, 3).reshape(1, 3).mean([0L], true, ScalarType.Float64), 1, 2, 3 },
        { "prod", () => prod(M23), 720 },
        { "prod dim", () => prod(M23, 1), 6, 120 },
        { "std", () => std(V), Math.Sqrt(14.0 / 3) },
        { "std biased", () => std(V, false), Math.Sqrt(3.5) },
        { "std dim", [2], () => std(M23, 1), 1, 1 },
        { "std dims", [1, 1], () => std(M23, [0L, 1L], false, true), Math.Sqrt(35.0 / 12) },
        { "std tuple", () => std(M23, (0, 1), false), Math.Sqrt(35.0 / 12) },
        { "std triple", () => Cube.std((0, 1, 2), false), Math.Sqrt(63.0 / 12) },
        { "std span", () => M23.std((ReadOnlySpan<long>)[1]), 1, 1 },
        { "std as", () => L(1, 2, 3, 6).std([0L], true, false, ScalarType.Float64), Math.Sqrt(14.0 / 3) },
        { "var", () => var(V), 14.0 / 3 },
        { "var biased", () => var(V, false), 3.5 },
        { "var dim", () => var(M23, 1), 1, 1 },
        { "var dims", () => var(M23, [0L, 1L], false), 35.0 / 12 },
        { "var tuple", () => var(M23, (0, 1), false), 35.0 / 12 },
        { "var triple", () => Cube.var((0, 1, 2), false), 63.0 / 12 },
        { "std_mean", () => stack([std_mean(V).std, std_mean(V).mean]), Math.Sqrt(14.0 / 3), 3 },
        { "std_mean dim", () => std_mean(M23, 1).mean, 2, 5 },
        { "std_mean dims", () => std_mean(M23, [0L, 1L]).mean, 3.5 },
        { "std_mean tuple", () => std_mean(M23, (0, 1)).mean, 3.5 },
        { "var_mean", () => stack([var_mean(V).var, var_mean(V).mean]), 14.0 / 3, 3 },
        { "var_mean dim", () => var_mean(M23, 1).mean, 2, 5 },
        { "var_mean dims", () => var_mean(M23, [0L, 1L]).mean, 3.5 },
        { "all", () => all(B(true, false)), 0 },
        { "all dim", () => all(tensor(new[,] { { true, false }, { true, true } }), 1), 0, 1 },
        { "any", () => any(B(true, false)), 1 },
        { "any dim", () => any(tensor(new[,] { { true, false }, { false, false } }), 1), 1, 0 },
        { "max", () => max(M23), 6 },
        { "max other", () => max(D(1, 5), D(3, 2)), 3, 5 },
        { "max dim values", () => max(M23, 1).values, 3, 6 },
        { "max dim indexes", () => max(M23, 1).indexes, 2, 2 },
        { "min", () => min(M23), 1 },
        { "min other", () => min(D(1, 5), D(3, 2)), 1, 2 },
        { "min dim values", () => min(M23, 0).values, 1, 2, 3 },
        { "min dim keepdim", [1, 3], () => min(M23, 0, true).indexes, 0, 0, 0 },
        { "amax", () => amax(M23, [0L]), 4, 5, 6 },
        { "amax keepdim", [1, 3], () => amax(M23, [0L], true), 4, 5, 6 },
        { "amax out", () => M23.amax([1L], false, zeros(2, float64)), 3, 6 },
        { "amax span", () => amax(M23, (ReadOnlySpan<long>)[1]), 3, 6 },
        { "amin", () => amin(M23, [1L]), 1, 4 },
        { "amin out", () => M23.amin([1L], false, zeros(2, float64)), 1, 4 },
        { "aminmax", () => stack([M23.aminmax().min, M23.aminmax().max]), 1, 6 },
        { "argmax", () => argmax(D(1, 7, 3)), 1 },
        { "argmax dim", () => argmax(M23, 0), 1, 1, 1 },
        { "argmin", () => argmin(D(4, 7, 3)), 2 },
        { "argmin dim", [2, 1], () => argmin(M23, 1, true), 0, 0 },
        { "median is the lower one", () => median(D(4, 1, 3, 2)), 2 },
        { "median dim", () => M23.median(1).values, 2, 5 },
        { "nanmedian", () => D(double.NaN, 1, 3).nanmedian(), 1 },
        { "mode", () => D(2, 1, 2).mode().values, 2 },
        { "kthvalue", () => D(5, 1, 3).kthvalue(2, 0).values, 3 },
        { "quantile", () => quantile(D(1, 2, 3, 4), D(0.5)), 2.5 },
        { "nanquantile", () => D(1, double.NaN, 3).nanquantile(D(0.5)), 2 },
        { "count_nonzero", () => count_nonzero(D(0, 1, 2)), 2 },
        { "count_nonzero dims", () => count_nonzero(M23 - 1, [1L]), 2, 3 },
        { "cumsum", () => cumsum(M23, 1), 1, 3, 6, 4, 9, 15 },
        { "cumprod", () => cumprod(D(1, 2, 3), 0), 1, 2, 6 },
        { "cummax", () => D(1, 3, 2).cummax(0).values, 1, 3, 3 },
        { "cummin", () => D(2, 3, 1).cummin(0).indexes, 0, 0, 2 },
        { "logsumexp", () => logsumexp(D(0, 0), 0), Math.Log(2) },
        { "logcumsumexp", () => D(0, 0).logcumsumexp(0), 0, Math.Log(2) },
        { "diff", () => D(1, 4, 9).diff(), 3, 5 },
        { "histc", () => histc(D(0, 1, 1, 3), 4, 0, 4), 1, 2, 0, 1 },
        { "bincount", () => bincount(L(0, 2, 2)), 1, 0, 2 },
        { "bincount weights", () => bincount(L(0, 2, 2), D(1, 2, 3), 4), 1, 0, 5, 0 },
        { "norm", () => norm(D(3, 4)), 5 },
        { "norm p", () => norm(D(3, -4), 1f), 7 },
        { "norm dim", () => norm(Matrix(3, 4, 6, 8), 1), 5, 10 },
        { "dist", () => dist(D(1, 2), D(4, 6)), 5 },
        { "cov", [2, 2], () => cov(tensor(new double[,] { { 0, 1, 2 }, { 2, 1, 0 } })), 1, -1, -1, 1 },
        { "corrcoef", [2, 2], () => corrcoef(tensor(new double[,] { { 0, 1, 2 }, { 2, 1, 0 } })), 1, -1, -1, 1 },
        { "trapz", () => trapz(D(1, 2, 3), 2.0), 8 },
        { "trapz x", () => trapz(D(1, 2, 3), D(0, 1, 3)), 6.5 },
        { "sort values", () => sort(D(3, 1, 2)).values, 1, 2, 3 },
        { "sort indices", () => sort(D(3, 1, 2), descending: true).indices, 0, 2, 1 },
        { "sort stable", () => sort(D(1, 0, 1, 0), stable: true).indices, 1, 3, 0, 2 },
        { "argsort", () => argsort(D(3, 1, 2)), 1, 2, 0 },
        { "topk values", () => topk(D(3, 1, 2), 2).values, 3, 2 },
        { "topk indices", () => topk(D(3, 1, 2), 1, largest: false).indices, 1 },
        { "msort", () => D(3, 1, 2).msort(), 1, 2, 3 },
        { "nonzero", [2, 1], () => nonzero(D(0, 5, 6)), 1, 2 },
        { "argwhere", [2, 1], () => D(0, 5, 6).argwhere(), 1, 2 },
        { "unique", () => unique(D(3, 1, 3)).output, 1, 3 },
        { "unique inverse", () => unique(D(3, 1, 3), return_inverse: true).inverse_indices!, 1, 0, 1 },
        { "unique counts", () => unique(D(3, 1, 3), return_counts: true).counts!, 1, 2 },
        { "unique dim", [1, 2], () => unique(Matrix(1, 2, 1, 2), dim: 0).output, 1, 2 },
        { "unique_consecutive", () => unique_consecutive(D(1, 1, 2, 1)).output, 1, 2, 1 },
        { "unique_consecutive counts", () => unique_consecutive(D(1, 1, 2, 1), return_counts: true).counts!, 2, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    [Fact]
    public void What_was_not_asked_of_unique_is_null()
    {
        using var scope = NewDisposeScope();
        var (_, inverse, counts) = unique(D(1, 2));
        Assert.Null(inverse);
        Assert.Null(counts);
    }

    [Fact]
    public void A_reduction_into_a_given_tensor_returns_that_tensor()
    {
        using var scope = NewDisposeScope();
        var target = zeros(2, float64);
        Assert.Same(target, amax(M23, [1L], false, target));
        Elements(target, 3, 6);
    }
}
