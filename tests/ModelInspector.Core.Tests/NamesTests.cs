namespace ModelInspector.Core.Tests;

public class NamesTests
{
    [Fact]
    public void The_nearest_names_come_first_and_case_does_not_matter() =>
        Assert.Equal(["Layer1.0", "layer2.0"], Names.Near("layer1.0", ["fc", "layer2.0", "Layer1.0", "stem"], 2));

    [Fact]
    public void Equally_near_names_keep_their_order_and_twins_are_listed_once() =>
        Assert.Equal(["ab", "ac"], Names.Near("a", ["ab", "ac", "ab"]));

    [Fact]
    public void Nothing_is_near_when_there_is_nothing() => Assert.Empty(Names.Near("a", []));

    [Theory]
    [InlineData(new string[0], "")]
    [InlineData(new[] { "a" }, "a")]
    [InlineData(new[] { "a", "b" }, "a or b")]
    [InlineData(new[] { "a", "b", "c" }, "a, b or c")]
    public void Names_are_joined_as_one_says_them(string[] names, string expected) => Assert.Equal(expected, Names.Or(names));
}
