using System.Collections.Immutable;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Numerics;

namespace ModelInspector.Torch.Tests.Inspection;

/// <summary>Small parts of the stages of an inspection, each beside its slow twin.</summary>
public sealed class StageTests
{
    [Fact]
    public void The_samples_that_drive_a_unit_most_are_those_of_a_full_sort()
    {
        var random = new Randomness(3, 1);
        var responses = new Matrix(57, 11);
        for (var i = 0; i < responses.Values.Length; i++) responses.Values[i] = i % 19 == 0 ? float.NaN : random.Below(12, (ulong)i);
        foreach (var most in new[] { 1, 9, 80 })
        {
            var top = UnitStage.Strongest(responses, most);
            Assert.Equal((11, Math.Min(most, 57)), (top.Rows, top.Columns));
            for (var unit = 0; unit < top.Rows; unit++)
                Assert.Equal(Enumerable.Range(0, 57).OrderByDescending(sample => responses[sample, unit]).Take(most).Select(sample => (float)sample), top.Row(unit).ToArray());
        }
    }

    [Fact]
    public void A_small_image_holds_the_means_of_whole_pixels()
    {
        var form = ImageCoderStage.Small.Of([2, 130, 66]);
        Assert.Equal(new ImageCoderStage.Small(2, 43, 22, 3), form);
        var image = new NdArray(2, 130, 66);
        for (var i = 0; i < image.Values.Length; i++) image.Values[i] = i % 7;
        var small = new float[2 * 43 * 22];
        form.Average(image, small);
        for (var channel = 0; channel < 2; channel++)
            for (var row = 0; row < 43; row++)
                for (var column = 0; column < 22; column++)
                {
                    var mean = Enumerable.Range(0, 9).Average(i => image[channel][(3 * row + i / 3) * 66 + 3 * column + i % 3]);
                    Assert.Equal(mean, small[(channel * 43 + row) * 22 + column], 1e-5f);
                }
    }

    [Fact]
    public void A_region_is_called_by_its_rows_where_all_samples_were_tested_with_it_and_else_by_its_frame()
    {
        Assert.Equal("rows 0–3, columns 0–3 (top left)", Told(new Region(0, 0, 4, 4)));
        Assert.Equal("a region within rows 0–5, columns 0–5 (top left)", Told(new Region(2, 2, 4, 4)));

        static string Told(Region other) => new RegionTally(Suspect.Among([new(0, 0, 4, 4)], [other], [0, 1]).Single(), 2, 1).Evidence(32, 32, "share of decisions flipped").Where;
    }

    [Fact]
    public void The_region_that_is_outlined_is_the_one_that_the_headline_speaks_of()
    {
        ImmutableArray<Suspect> regions = [.. Enumerable.Range(0, 3).Select(i => new Suspect((new(8 * i, 0, 4, 4), new(8 * i, 0, 4, 4)), [0, 1]))];
        Assert.Same(regions[2], VerdictStage.Strongest(regions, [Test(0.9, 0.85, found: false), Test(0.4, 0.3, found: true), Test(0.35, 0.1, found: true), Test(1, 0, found: true)]));
        Assert.Same(regions[0], VerdictStage.Strongest(regions, [Test(0.1, 0, false), Test(0.4, 0, false), Test(0.3, 0, false)]));

        static VerdictTest Test(double effect, double control, bool found) => new("", new(effect, effect, effect, 9), new(control, control, control, 9), "", "", found ? 0.01 : 1, found);
    }

    [Theory]
    [InlineData("patient", "patients")]
    [InlineData("study", "studies")]
    [InlineData("day", "days")]
    [InlineData("batch", "batches")]
    [InlineData("series", "series")]
    public void Units_are_named_in_the_plural(string column, string units) => Assert.Equal(units, Subject.Plural(column));
}
