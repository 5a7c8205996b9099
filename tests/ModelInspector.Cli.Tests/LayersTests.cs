using System.Text.Json;

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
}
