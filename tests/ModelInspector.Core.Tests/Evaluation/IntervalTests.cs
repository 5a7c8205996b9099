using ModelInspector.Evaluation;

namespace ModelInspector.Core.Tests.Evaluation;

public class IntervalTests
{
    [Theory]
    [InlineData(0.98104, 0.975, 0.985, 3, "0.981 [0.975, 0.985]", "+0.981 [0.975, 0.985]")]
    [InlineData(-0.034, -0.04, 0.0004, 3, "−0.034 [−0.040, 0.000]", "−0.034 [−0.040, 0.000]")]
    [InlineData(0.0001, -0.0001, 0.0002, 3, "0.000 [0.000, 0.000]", "0.000 [0.000, 0.000]")]
    [InlineData(0.126, 0.1, 0.2, 2, "0.13 [0.10, 0.20]", "+0.13 [0.10, 0.20]")]
    [InlineData(double.NaN, double.NaN, double.NaN, 3, "– [–, –]", "– [–, –]")]
    public void An_interval_is_written_with_true_minus_signs_and_its_sign_only_where_digits_are_left(double estimate, double low, double high, int decimals, string text, string difference)
    {
        var interval = new Interval(estimate, low, high, 20);
        Assert.Equal(text, interval.Text(decimals));
        Assert.Equal(difference, interval.Difference(decimals));
    }
}
