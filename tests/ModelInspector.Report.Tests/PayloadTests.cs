using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using ModelInspector.Report.Payload;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

public sealed class PayloadTests
{
    private static readonly SyntheticRun Small = new() { Samples = 30, Examples = 4, Layers = 3, Size = 32 };

    [Fact]
    public void Every_block_holds_as_many_bytes_as_the_manifest_says()
    {
        var page = ReportedPage.Of(Small);
        var ids = page.Manifest["blocks"]!.AsObject().Select(pair => pair.Key).ToList();
        Assert.True(ids.Count > 15);
        Assert.All(ids, id => Assert.Equal((int)page.Info(id)["bytes"]!, page.Block(id).Length));
    }

    [Fact]
    public void Every_block_is_named_by_a_finding()
    {
        var page = ReportedPage.Of(Small);
        var findings = page.Manifest["findings"]!.ToJsonString();
        Assert.All(page.Manifest["blocks"]!.AsObject(), pair => Assert.Contains($"\"{pair.Key}\"", findings, StringComparison.Ordinal));
    }

    [Fact]
    public void Maps_come_back_within_half_a_code_of_their_own_scale()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        var page = ReportedPage.Write(scratch);
        var finding = new RunDirectory(scratch.Folder).ReadFindings().OfType<LayerMaps>().First();
        var maps = Npy.Read(scratch[finding.Maps.File]);
        var bytes = page.Block((string)page.Finding("layer-maps", json => (string)json["layer"]! == finding.Layer && (string)json["method"]! == finding.Method)["maps"]!);
        for (var map = 0; map < maps.Shape[0]; map++)
        {
            var scale = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * map));
            for (var i = 0; i < maps.Stride; i++)
                Assert.Equal(maps[map][i], scale * (sbyte)bytes[4 * maps.Shape[0] + map * maps.Stride + i] / 127, scale / 253);
        }
    }

    [Fact]
    public void Coordinates_come_back_within_half_a_step_and_keep_their_proportions()
    {
        var points = new NdArray([3, 2], [-5, 100, 5, 101, 0, 100.5f]);
        var (description, bytes) = Quantize.Unsigned16(points);
        var step = (double)description["step"]!;
        Assert.Equal(10.0 / 65534, step, 1e-12);
        for (var i = 0; i < 6; i++)
            Assert.Equal(points.Values[i], (double)description["low"]![i % 2]! + step * BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)), step / 1.99);
    }

    [Fact]
    public void Values_that_are_not_finite_have_a_code_of_their_own()
    {
        var (_, maps) = Quantize.Signed8(new NdArray([1, 4], [float.NaN, 1, -1, float.PositiveInfinity]));
        Assert.Equal(new sbyte[] { -128, 127, -127, -128 }, MemoryMarshal.Cast<byte, sbyte>(maps.AsSpan(4)).ToArray());
        var (_, points) = Quantize.Unsigned16(new NdArray([3, 1], [float.NaN, 1, 2]));
        Assert.Equal(new ushort[] { 65535, 0, 65534 }, MemoryMarshal.Cast<byte, ushort>(points).ToArray());
    }

    [Fact]
    public void A_map_of_zeros_and_an_empty_one_do_no_harm()
    {
        var (_, zeros) = Quantize.Signed8(new NdArray([1, 3], [0, 0, 0]));
        Assert.Equal(new byte[7], zeros);
        Assert.Empty(Quantize.Signed8(new NdArray([0, 2, 2], [])).Bytes);
        Assert.Empty(Quantize.Unsigned16(new NdArray([0, 2], [])).Bytes);
    }

    [Fact]
    public void Labels_and_columns_come_back()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        var page = ReportedPage.Write(scratch);
        var table = new RunDirectory(scratch.Folder).ReadFindings().OfType<SampleTable>().Single();
        var json = page.Finding("sample-table");
        Assert.Equal(table.Labels.Select(label => (ushort)label), MemoryMarshal.Cast<byte, ushort>(page.Block((string)json["labels"]!)).ToArray());
        Assert.Equal(table.Ids, JsonSerializer.Deserialize<string[]>(page.Block((string)json["ids"]!)));
        var column = JsonDocument.Parse(page.Block((string)json["columns"]![0]!["values"]!)).RootElement;
        var values = column.GetProperty("values").EnumerateArray().Select(value => value.GetString()!).ToArray();
        Assert.Equal(table.Columns[0].Values, column.GetProperty("codes").EnumerateArray().Select(code => values[code.GetInt32()]));
    }

    [Theory]
    [InlineData("../outside.npy", "outside the run's folder")]
    [InlineData("/etc/hostname", "outside the run's folder")]
    [InlineData("maps/none.npy", "holds no such file")]
    [InlineData("examples/0000.png", "examples/0000.png")]
    public void A_file_that_is_missing_foreign_or_of_another_kind_is_one_sentence(string file, string expected)
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        var run = new RunDirectory(scratch.Folder);
        run.Write(run.ReadFindings().Select(finding => finding is LayerMaps maps ? maps with { Maps = maps.Maps with { File = file } } : finding));
        Assert.Contains(expected, Assert.Throws<InputException>(() => ReportedPage.Write(scratch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shape_that_is_not_the_files_is_one_sentence_with_both_shapes()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        var run = new RunDirectory(scratch.Folder);
        run.Write(run.ReadFindings().Select(finding => finding is LayerEmbedding map ? map with { Points = map.Points with { Shape = [30, 3] } } : finding));
        var error = Assert.Throws<InputException>(() => ReportedPage.Write(scratch));
        Assert.Contains("(30, 2)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(30, 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_is_none_is_one_sentence()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        File.WriteAllText(scratch["examples/0001.png"], "<svg onload=alert(1)>");
        Assert.Contains("neither JPEG nor PNG", Assert.Throws<InputException>(() => ReportedPage.Write(scratch)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_labels_masks_maps_or_thumbnails_still_gives_a_page()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        var run = new RunDirectory(scratch.Folder);
        var table = run.ReadFindings().OfType<SampleTable>().Single();
        run.Write([table with { Labels = [.. table.Labels.Select(_ => -1)], Predicted = [], Confidence = [], Columns = [], Thumbnails = null, Examples = [] }]);
        var json = ReportedPage.Write(scratch).Finding("sample-table");
        Assert.Null(json["labels"]);
        Assert.Null(json["thumbnails"]);
    }

    [Fact]
    public void A_large_run_shows_a_sample_that_keeps_the_classes_and_every_sample_with_a_map_and_says_so()
    {
        using var scratch = new Scratch();
        (Small with { Samples = 500, Thumbnails = false, Units = false }).Write(scratch.Folder);
        var page = ReportedPage.Write(scratch, new ReportOptions { MostSamples = 100 });
        Assert.Equal(500, (int)page.Manifest["samples"]!["used"]!);
        Assert.InRange((int)page.Manifest["samples"]!["shown"]!, 100, 104);
        var json = page.Finding("sample-table");
        var labels = MemoryMarshal.Cast<byte, ushort>(page.Block((string)json["labels"]!)).ToArray();
        Assert.All(labels.CountBy(label => label), pair => Assert.InRange(pair.Value, 20, 24));
        var ids = JsonSerializer.Deserialize<string[]>(page.Block((string)json["ids"]!))!;
        foreach (var example in json["examples"]!.AsArray()) Assert.Matches("patient-000[0-3]", ids[(int)example!["sample"]!]);
        var points = page.Info((string)page.Finding("layer-embedding")["points"]!);
        Assert.Equal(labels.Length, (int)points["shape"]![0]!);
    }
}
