using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class ComparisonTests
{
    private static Tensor A => D(1, 2, 3);
    private static Tensor P => D(3, 2, 1);

    public static Cases Table => new()
    {
        { "eq", () => eq(A, P), 0, 1, 0 },
        { "eq scalar", () => A.eq(2), 0, 1, 0 },
        { "equal", () => equal(A, P), 0, 1, 0 },
        { "ne", () => ne(A, P), 1, 0, 1 },
        { "ne scalar", () => A.ne(2), 1, 0, 1 },
        { "not_equal", () => A.not_equal(P), 1, 0, 1 },
        { "lt", () => lt(A, P), 1, 0, 0 },
        { "lt scalar", () => A.lt(2), 1, 0, 0 },
        { "less", () => A.less(P), 1, 0, 0 },
        { "le", () => le(A, P), 1, 1, 0 },
        { "le scalar", () => A.le(2), 1, 1, 0 },
        { "less_equal", () => A.less_equal(P), 1, 1, 0 },
        { "gt", () => gt(A, P), 0, 0, 1 },
        { "gt scalar", () => A.gt(2), 0, 0, 1 },
        { "greater", () => A.greater(P), 0, 0, 1 },
        { "ge", () => ge(A, P), 0, 1, 1 },
        { "ge scalar", () => A.ge(2), 0, 1, 1 },
        { "greater_equal", () => A.greater_equal(P), 0, 1, 1 },
        { "==", () => A == P, 0, 1, 0 },
        { "== scalar", () => A == 2, 0, 1, 0 },
        { "scalar ==", () => 2 == A, 0, 1, 0 },
        { "!=", () => A != P, 1, 0, 1 },
        { "!= scalar", () => A != 2, 1, 0, 1 },
        { "scalar !=", () => 2 != A, 1, 0, 1 },
        { "<", () => A < P, 1, 0, 0 },
        { "< scalar", () => A < 2, 1, 0, 0 },
        { "scalar <", () => 2 < A, 0, 0, 1 },
        { "<=", () => A <= P, 1, 1, 0 },
        { "<= scalar", () => A <= 2, 1, 1, 0 },
        { "scalar <=", () => 2 <= A, 0, 1, 1 },
        { ">", () => A > P, 0, 0, 1 },
        { "> scalar", () => A > 2, 0, 0, 1 },
        { "scalar >", () => 2 > A, 1, 0, 0 },
        { ">=", () => A >= P, 0, 1, 1 },
        { ">= scalar", () => A >= 2, 0, 1, 1 },
        { "scalar >=", () => 2 >= A, 1, 1, 0 },
        { "logical_and", () => logical_and(D(0, 1), D(2, 3)), 0, 1 },
        { "logical_or", () => logical_or(D(0, 0), D(0, 3)), 0, 1 },
        { "logical_xor", () => logical_xor(D(1, 0), D(2, 3)), 0, 1 },
        { "logical_not", () => logical_not(D(0, 3)), 1, 0 },
        { "isclose", () => isclose(D(1, 1), D(1.000001, 1.1)), 1, 0 },
        { "isclose with equal NaN", () => isclose(D(double.NaN), D(double.NaN), nanEqual: true), 1 },
        { "isfinite", () => isfinite(D(1, double.NaN, double.PositiveInfinity)), 1, 0, 0 },
        { "isinf", () => isinf(D(1, double.NaN, double.PositiveInfinity)), 0, 0, 1 },
        { "isnan", () => isnan(D(1, double.NaN, double.PositiveInfinity)), 0, 1, 0 },
        { "isposinf", () => D(double.NegativeInfinity, double.PositiveInfinity).isposinf(), 0, 1 },
        { "isneginf", () => D(double.NegativeInfinity, double.PositiveInfinity).isneginf(), 1, 0 },
        { "where", () => where(B(true, false), D(1, 2), D(3, 4)), 1, 4 },
        { "where of a tensor", () => D(1, 2).where(B(true, false), D(3, 4)), 1, 4 },
        { "where of a condition", () => where(B(false, true, true))[0], 1, 2 },
        { "masked_fill", () => A.masked_fill(B(true, false, true), 9), 9, 2, 9 },
        { "masked_fill_", () => A.masked_fill_(B(true, false, true), 9), 9, 2, 9 },
        { "masked_select", () => masked_select(A, B(true, false, true)), 1, 3 },
        { "masked_scatter", () => A.masked_scatter(B(true, false, true), D(7, 8)), 7, 2, 8 },
        { "bucketize", () => bucketize(D(0, 1, 5), D(1, 3)), 0, 0, 2 },
        { "bucketize right", () => bucketize(D(0, 1, 5), D(1, 3), right: true), 0, 1, 2 },
        { "searchsorted", () => searchsorted(D(1, 3, 5), D(3)), 1 },
        { "searchsorted right", () => searchsorted(D(1, 3, 5), D(3), right: true), 2 },
        { "searchsorted scalar", () => searchsorted(D(1, 3, 5), 4, false, false, null), 2 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    [Fact]
    public void Allclose_answers_for_all_elements_at_once()
    {
        using var scope = NewDisposeScope();
        Assert.True(allclose(A, D(1, 2, 3.00001)));
        Assert.False(allclose(A, D(1, 2, 3.1)));
        Assert.False(allclose(D(double.NaN), D(double.NaN)));
        Assert.True(D(double.NaN).allclose(D(double.NaN), equal_nan: true));
    }

    [Fact]
    public void Equals_compares_values_and_the_hash_code_goes_by_reference()
    {
        using var scope = NewDisposeScope();
        var (one, same) = (A, A);
        Assert.True(one.Equals(same));
        Assert.False(one.Equals(P));
        Assert.False(one.Equals(one.@float()));
        Assert.False(one.Equals(one.reshape(3, 1)));
        Assert.False(one.Equals(null));
        Assert.NotEqual(one.GetHashCode(), same.GetHashCode());
    }
}
