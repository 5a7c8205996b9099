using System.Globalization;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class PrintingTests
{
    [Fact]
    public void A_tensor_describes_itself()
    {
        using var x = M23;
        Assert.Equal("[2x3], type = Float64, device = cpu", x.ToString());
        Assert.Equal(x.ToString(), x.metastr());
        Assert.Equal(x.ToString(), x.ToString(false));
    }

    [Fact]
    public void The_elements_are_shown_in_the_style_asked()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[2x3], type = Float64, device = cpu\n 1 2 3\n 4 5 6", M23.str());
        Assert.Equal("[[1 2 3]\n [4 5 6]]", M23.npstr(newLine: "\n"));
        Assert.Equal("[2], type = Int64, device = cpu, value = {1, 2}", L(1, 2).cstr());
        Assert.Equal("[], type = Float64, device = cpu, value = 2.5", tensor(2.5).jlstr());
        Assert.Equal("[True False]", B(true, false).npstr());
        Assert.Equal("[nan inf -inf]", D(double.NaN, double.PositiveInfinity, double.NegativeInfinity).npstr());
        Assert.Equal("[1.23]", D(1.2345).npstr("F2"));
        Assert.Equal("[1,5]", D(1.5).npstr(cultureInfo: new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } }));
    }

    [Fact]
    public void Long_axes_are_cut_in_the_middle()
    {
        using var x = arange(100);
        Assert.Equal("[0 1 2 ... 97 98 99]", x.npstr());
        Assert.EndsWith("\n 0 ... 99", x.str(width: 10));
    }

    [Fact]
    public void Deeper_tensors_are_shown_in_blocks()
    {
        using var x = arange(4).reshape(2, 1, 2);
        Assert.Equal("[2x1x2], type = Int64, device = cpu\n[0,..,..] =\n 0 1\n[1,..,..] =\n 2 3", x.str());
        Assert.Equal("[[[0 1]]\n [[2 3]]]", x.npstr());
    }

    [Fact]
    public void Printing_leaves_nothing_behind()
    {
        using var scope = NewDisposeScope();
        var x = M23;
        _ = x.str() + x.npstr();
        Assert.Equal(1, scope.DisposablesCount);
    }
}
