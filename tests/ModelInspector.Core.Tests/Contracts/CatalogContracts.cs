using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;

namespace ModelInspector.Core.Tests.Contracts;

public class CatalogContracts
{
    public static TheoryData<string> Entries => [.. All.Select(entry => entry.Name)];

    private static IEnumerable<CatalogEntry> All => Catalog.Of<object>(typeof(Catalog).Assembly);

    [Fact]
    public void The_catalog_is_not_empty_and_no_name_means_two_things()
    {
        Assert.True(All.Count() >= 10);
        Assert.Empty(All.GroupBy(entry => entry.Name).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Every_entry_says_what_it_shows_where_it_comes_from_and_what_its_settings_do(string name)
    {
        var entry = Find(name);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", entry.Name);
        Assert.EndsWith(".", entry.Summary, StringComparison.Ordinal);
        Assert.Matches("[0-9]{4}", entry.Source); // a year
        Assert.All(entry.Settings, setting => Assert.NotEmpty(setting.Summary));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Every_entry_is_a_sealed_record_that_can_be_built_from_its_own_description(string name)
    {
        var entry = Find(name);
        Assert.True(entry.Type.IsSealed);
        var built = entry.Create<object>(new Dictionary<string, string>());
        var text = entry.Describe(built).Where(setting => setting.Value != "").ToDictionary();
        Assert.Equal(built, entry.Create<object>(text));
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Every_entry_is_named_by_a_test(string name)
    {
        var type = Find(name).Type.Name;
        Assert.Contains(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories),
            file => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(file), $@"\bnew {type}\("));
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Every_metric_is_between_its_worst_and_its_best_on_any_map(string name)
    {
        var metric = Find(name).Create<IMetric<MaskedMap>>(new Dictionary<string, string>());
        for (var seed = 0UL; seed < 20; seed++)
        {
            var map = ControlMaps.Random([9, 7], seed, 0);
            var mask = ControlMaps.Random([9, 7], seed, 1);
            for (var i = 0; i < mask.Values.Length; i++) mask.Values[i] = mask.Values[i] > 0.8f ? 1 : 0;
            var score = metric.Measure(new MaskedMap(map, mask), Job.Quiet());
            Assert.InRange(score.Value, 0, name == "energy-concentration" ? 63 : 1);
        }
    }

    public static TheoryData<string> Metrics => [.. Catalog.Of<IMetric<MaskedMap>>().Select(entry => entry.Name)];

    private static CatalogEntry Find(string name) => All.First(entry => entry.Name == name);
}
