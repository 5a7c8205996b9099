using System.Text.Json;
using ModelInspector.Cli.Terminal;
using ModelInspector.Cli.Verbs;

namespace ModelInspector.Cli.Tests;

/// <summary><c>layers</c>: the table that a user reads first.</summary>
public class LayersTests
{
    [Fact]
    public void The_table_tells_costs_fields_and_totals()
    {
        var lines = Cli.Succeeds("layers", Sample.Clean).Split('\n');
        var head = Assert.Single(lines, line => line.StartsWith("layer ", StringComparison.Ordinal));
        Assert.All(["operator", "output", "parameters", "mult-adds", "bytes", "sees", "step", "from", "time"], title => Assert.Contains(title, head));
        Assert.Contains("In all, for one sample:", lines[^3]);
        Assert.Contains("whole", Assert.Single(lines, line => line.Contains("Gemm", StringComparison.Ordinal)));
    }

    [Fact]
    public void Json_holds_what_the_table_shows_and_its_sums_agree()
    {
        var json = JsonDocument.Parse(Cli.Succeeds("layers", Sample.Clean, "--json")).RootElement;
        var layers = json.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(json.GetProperty("totals").GetProperty("multiplyAdds").GetInt64(), layers.Sum(layer => layer.GetProperty("multiplyAdds").GetInt64()));
        Assert.Equal(json.GetProperty("parameters").GetInt64(), layers.Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Equal(1, layers.Sum(layer => layer.GetProperty("timeShare").GetDouble()), 1e-6);
        var first = layers[0].GetProperty("receptiveField")[0];
        Assert.True(first.GetProperty("size").GetDouble() >= 3);
        Assert.Equal(JsonValueKind.Null, layers[^1].GetProperty("receptiveField")[0].ValueKind);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(400)]
    public void The_table_fits_the_terminal_its_columns_align_and_it_says_what_is_missing(int width)
    {
        var table = new LayerTable(
        [
            ["stem.conv", "Conv", "(1, 64, 112, 112)", "9,408", "118.01 M", "3.21 MB", "7", "2", "-3", "4.4 %"],
            [new string('b', 70) + ".last", "BatchNormalization", "(1, 64, 112, 112)", "128", "802.82 k", "3.21 MB", "7", "2", "-3", "4.4 %"],
        ], width);
        var lines = table.Lines.ToList();
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Length, 8, width));
        Assert.Equal(lines[1].IndexOf("Conv", StringComparison.Ordinal), lines[2].IndexOf("Batch", StringComparison.Ordinal));
        Assert.Contains(".last ", lines[2]);
        Assert.Equal(width == 400, table.Missing.Length == 0);
        string[] all = ["parameters", "mult-adds", "bytes", "sees", "step", "from", "time"];
        Assert.All(all, title => Assert.True(lines[0].Contains(title, StringComparison.Ordinal) != table.Missing.Contains(title, StringComparison.Ordinal), title));
        Assert.Equal(lines[0].Contains("step", StringComparison.Ordinal), table.Meaning.Contains("step:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_is_broken_between_words_and_indented()
    {
        Assert.Equal(["  note   one two", "         three", "         incomprehensible", "         four"],
            Screen.Wrapped("  note   one two three incomprehensible four", 17, 9));
        Assert.Equal(["one two three"], Screen.Wrapped("one two three", int.MaxValue));
    }
}
