using ModelInspector.Evaluation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation;

public class SelectivityTests
{
    [Fact]
    public void A_unit_that_answers_to_one_class_alone_is_explained_by_the_class()
    {
        var found = Selectivity.Of(new Matrix(4, 1, [0, 3, 0, 3]), [0, 1, 0, 1]);
        Assert.Equal(new Selectivity(1, 1), Assert.Single(found));
    }

    [Fact]
    public void A_unit_that_answers_alike_to_all_classes_is_not_explained()
    {
        var found = Selectivity.Of(new Matrix(4, 1, [0, 0, 3, 3]), [0, 1, 0, 1])[0];
        Assert.Equal(0, found.Share);
    }

    [Fact]
    public void The_share_is_the_one_of_the_textbook()
    {
        // Class means 2 and 5, grand mean 3.5: between 6 · 1.5² = 13.5, total 17.5.
        var found = Selectivity.Of(new Matrix(6, 1, [1, 2, 3, 4, 5, 6]), [0, 0, 0, 1, 1, 1])[0];
        Assert.Equal(13.5 / 17.5, found.Share, 1e-12);
        Assert.Equal(1, found.Class);
    }

    [Fact]
    public void A_silent_unit_and_a_single_class_have_no_share()
    {
        Assert.True(double.IsNaN(Selectivity.Of(new Matrix(4, 1), [0, 1, 0, 1])[0].Share));
        Assert.True(double.IsNaN(Selectivity.Of(new Matrix(2, 1, [1, 2]), [3, 3])[0].Share));
        Assert.Equal(new Selectivity(double.NaN, -1), Selectivity.Of(new Matrix(2, 1, [1, 2]), [-1, -1])[0]);
    }

    [Fact]
    public void Samples_without_a_class_do_not_count()
    {
        var all = Selectivity.Of(new Matrix(4, 1, [0, 3, 1, 2]), [0, 1, 0, 1]);
        var more = Selectivity.Of(new Matrix(5, 1, [0, 3, 100, 1, 2]), [0, 1, -1, 0, 1]);
        Assert.Equal(all[0], more[0]);
    }
}
