using ModelInspector.Cli.Terminal;

namespace ModelInspector.Cli.Tests;

/// <summary>The catalog on the command line.</summary>
public class MethodsTests
{
    public static TheoryData<string> Names => [.. Methods.All.Select(method => method.Entry.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_method_says_how_it_misleads(string name)
    {
        var said = string.Join(' ', Remarks.Of(Methods.All.First(method => method.Entry.Name == name).Entry.Type));
        Assert.Contains("islead", said, StringComparison.Ordinal);
    }

    [Fact]
    public void One_method_is_shown_with_formula_settings_and_source_in_lines_that_fit()
    {
        var said = Cli.Succeeds("methods", "sam");
        Assert.Contains("Σ_k g_k(p) · A_k(p)", said);
        Assert.Contains("Philbrick", said);
        Assert.Contains("--set variant=relu-after-sum", said);
        Assert.All(Remarks.Of(typeof(ModelInspector.Attribution.Maps.Sam)), line => Assert.InRange(line.Length, 1, 100));
    }
}
