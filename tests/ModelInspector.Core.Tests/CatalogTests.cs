using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ModelInspector.Core.Tests;

public interface IToy;

public enum ToyMode
{
    First,
    SecondBest,
}

[Method("toy", "Nobody, 2001", Summary = "A method to test the catalog with.")]
public sealed record Toy(
    [Range(1, 10)][Description("How many.")] int Count = 3,
    [Range(0.0, 1.0)] double Share = 0.5,
    ToyMode Mode = ToyMode.SecondBest,
    bool Flag = false,
    long? Limit = null,
    float Rate = 0.1f,
    string Name = "x") : IToy;

[Method("plain", "Nobody, 2002")]
public sealed record Plain : IToy;

public class CatalogTests
{
    private static readonly CatalogEntry Toy = Catalog.Find(Catalog.Of<IToy>(), "toy");

    [Fact]
    public void Entries_are_found_by_their_interface_and_ordered_by_name() =>
        Assert.Equal(["plain", "toy"], Catalog.Of<IToy>().Select(entry => entry.Name));

    [Fact]
    public void A_missing_method_suggests_near_ones() =>
        Assert.Contains("Near: toy", Says(() => Catalog.Find(Catalog.Of<IToy>(), "toi")), StringComparison.Ordinal);

    [Fact]
    public void What_is_not_given_keeps_its_default() => Assert.Equal(new Toy(), Create());

    [Fact]
    public void Every_kind_of_setting_is_read() => Assert.Equal(
        new Toy(7, 0.25, ToyMode.First, true, 5_000_000_000, 1e-3f, "any text"),
        Create(("count", "7"), ("share", "2.5e-1"), ("mode", "first"), ("flag", "true"), ("limit", "5000000000"), ("rate", "0.001"), ("name", "any text")));

    [Theory]
    [InlineData("count", "0", "out of range. Expected 1 … 10; the default is 3")]
    [InlineData("count", "2.5", "a whole number")]
    [InlineData("count", "99999999999", "a whole number")]
    [InlineData("share", "1.01", "out of range")]
    [InlineData("share", "0,5", "a number")]
    [InlineData("share", "NaN", "a number")]
    [InlineData("rate", "∞", "a number")]
    [InlineData("rate", "1e99", "a number")]
    [InlineData("mode", "Second", "first or second-best")]
    [InlineData("flag", "yes", "true or false")]
    [InlineData("cuont", "1", "toy has no setting `cuont`. It has: count, share")]
    public void A_setting_that_is_wrong_says_what_was_expected(string name, string text, string says) =>
        Assert.Contains(says, Says(() => Create((name, text))), StringComparison.Ordinal);

    [Fact]
    public void A_method_without_settings_says_so() =>
        Assert.Contains("none at all", Says(() => Catalog.Find(Catalog.Of<IToy>(), "plain").Create<IToy>(new Dictionary<string, string> { ["a"] = "1" })), StringComparison.Ordinal);

    [Fact]
    public void Two_spellings_of_one_setting_are_refused() =>
        Assert.Contains("set twice", Says(() => Catalog.Find(Catalog.Of<IToy>(), "toy").Create<IToy>(new Dictionary<string, string> { ["a_b"] = "1", ["a-b"] = "2" })), StringComparison.Ordinal);

    [Fact]
    public void A_method_describes_itself_in_the_text_that_makes_it_again()
    {
        var built = new Toy(7, 0.1, ToyMode.First, true, 12, 0.3f, "n");
        Assert.Equal(built, Toy.Create<Toy>(Toy.Describe(built).ToDictionary()));
        Assert.Equal(("7", "0.1", "first", "true"), (Toy.Describe(built)["count"], Toy.Describe(built)["share"], Toy.Describe(built)["mode"], Toy.Describe(built)["flag"]));
    }

    [Fact]
    public void Settings_show_their_summary_range_and_default()
    {
        Assert.Equal(("How many.", "1 … 10", "3"), (Toy.Settings[0].Summary, Toy.Settings[0].Allowed, Toy.Settings[0].DefaultText));
        Assert.Equal("first | second-best", Toy.Settings[2].Allowed);
    }

    private static Toy Create(params (string Name, string Text)[] settings) => Toy.Create<Toy>(settings.ToDictionary(setting => setting.Name, setting => setting.Text));

    private static string Says(Action act) => Assert.Throws<InputException>(act).Message;
}
