using System.Buffers.Binary;
using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

public sealed class UnitsTests
{
    [Fact]
    public void What_an_autoencoder_of_the_images_draws_is_on_the_page()
    {
        var page = ReportedPage.Of(new SyntheticRun { Samples = 40, Examples = 4, Layers = 3, Size = 32 }, new ReportOptions { MostSamples = 20 });
        var codes = page.Finding("image-codes");
        foreach (var sheet in new[] { "reconstructions", "traversal" })
        {
            Assert.Equal("image/png", (string)page.Info((string)codes[sheet]!)["mime"]!);
            Assert.Equal((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G'], page.Block((string)codes[sheet]!)[..4]);
        }
        Assert.All(codes["samples"]!.AsArray(), place => Assert.InRange((int)place!, 0, (int)page.Manifest["samples"]!["shown"]! - 1));
    }

    [Fact]
    public void Figures_come_back_to_the_bit()
    {
        using var scratch = new Scratch();
        SyntheticRun.Small.Write(scratch.Folder);
        var page = ReportedPage.Write(scratch);
        var finding = new RunDirectory(scratch.Folder).ReadFindings().OfType<LayerUnits>().First();
        var bytes = page.Block((string)page.Finding("layer-units")["figures"]!);
        var values = Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i)));
        Assert.Equal(Npy.Read(scratch[finding.Figures.File]).Values, values);
    }

    [Fact]
    public void All_kernels_share_one_scale_and_each_map_of_a_unit_has_its_own()
    {
        var page = ReportedPage.Of(SyntheticRun.Small);
        Assert.Equal([1, 16, 1, 7, 7], page.Info((string)page.Finding("first-kernels")["weights"]!)["shape"]!.AsArray().Select(size => (int)size!));
        Assert.Equal(12 * 6, (int)page.Info((string)page.Finding("layer-units")["maps"]!)["shape"]![0]!);
    }

    [Fact]
    public void A_page_that_shows_a_part_of_the_samples_shows_all_that_stand_on_cards_and_counts_them_anew()
    {
        using var scratch = new Scratch();
        (SyntheticRun.Small with { Samples = 500, Thumbnails = false }).Write(scratch.Folder);
        var page = ReportedPage.Write(scratch, new ReportOptions { MostSamples = 100 });
        var shown = (int)page.Manifest["samples"]!["shown"]!;
        var named = page.Finding("layer-units")["cards"]!.AsArray().SelectMany(card => card!["samples"]!.AsArray()).Select(sample => (int)sample!).ToList();
        Assert.All(named, sample => Assert.InRange(sample, 0, shown - 1));
        Assert.Subset(page.Finding("probe-pictures")["samples"]!.AsArray().Select(sample => (int)sample!).ToHashSet(), named.ToHashSet());
    }

    [Fact]
    public void Maps_that_are_not_as_many_as_the_cards_say_are_one_sentence()
    {
        using var scratch = new Scratch();
        SyntheticRun.Small.Write(scratch.Folder);
        var run = new RunDirectory(scratch.Folder);
        run.Write(run.ReadFindings().Select(finding => finding is LayerUnits units ? units with { Cards = units.Cards[1..] } : finding));
        Assert.Contains("Expected 66 maps", Assert.Throws<InputException>(() => ReportedPage.Write(scratch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_as_points_and_groups_of_samples_are_packed_column_by_column()
    {
        var page = ReportedPage.Of(SyntheticRun.Small);
        var units = page.Finding("unit-embedding");
        Assert.Equal(2 * 32, page.Block((string)units["classes"]!).Length);
        Assert.Equal(4 * 32, page.Block((string)units["selectivity"]!).Length);
        Assert.Equal([32, 5], page.Info((string)units["topSamples"]!)["shape"]!.AsArray().Select(size => (int)size!));
        Assert.Equal(2 * 30, page.Block((string)page.Finding("layer-clusters")["groups"]!).Length);
    }

    [Fact]
    public void Groups_of_other_samples_than_the_runs_are_one_sentence()
    {
        using var scratch = new Scratch();
        SyntheticRun.Small.Write(scratch.Folder);
        var run = new RunDirectory(scratch.Folder);
        run.Write(run.ReadFindings().Select(finding => finding is LayerClusters clusters ? clusters with { Groups = clusters.Groups[1..] } : finding));
        Assert.Contains("name 29 samples, the run has 30", Assert.Throws<InputException>(() => ReportedPage.Write(scratch)).Message, StringComparison.Ordinal);
    }
}
