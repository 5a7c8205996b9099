using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Numerics;

namespace ModelInspector.Torch.Tests.Inspection;

public class MethodAgreementTests
{
    private const int Positions = 100;

    [Fact]
    public void The_same_map_shares_all_and_one_whose_peaks_lie_elsewhere_nothing()
    {
        var map = Enumerable.Range(0, Positions).Select(i => (float)i).ToArray();
        Assert.Equal(1, BrightestOverlap.Of(map, map), 1e-12);
        Assert.Equal(1, BrightestOverlap.Of(map, [.. map.Select(value => 3 * value + 1)]), 1e-12);
        Assert.Equal(0, BrightestOverlap.Of(map, [.. map.Reverse()]), 1e-12);
        Assert.Equal(0.4, BrightestOverlap.Of(map, [.. map.Select((value, i) => i >= 96 ? 200 : i < 6 ? 150 : value)]), 1e-12);
    }

    [Fact]
    public void Tied_positions_share_what_is_left_of_the_tenth()
    {
        // Two above, sixteen tied for the eight places left: half a place each. The other map's tenth is the two and eight of the tied.
        var tied = Enumerable.Range(0, Positions).Select(i => i < 2 ? 9f : i < 18 ? 5f : 0).ToArray();
        var other = Enumerable.Range(0, Positions).Select(i => i < 10 ? 1f : 0).ToArray();
        Assert.Equal((2 + 8 * 0.5) / 10, BrightestOverlap.Of(tied, other), 1e-12);
    }

    [Theory]
    [InlineData(100, 0.1)]
    [InlineData(49, 5.0 / 49)]
    public void Unrelated_maps_share_what_chance_gives(int positions, double expected)
    {
        var random = new Random(3);
        var mean = Enumerable.Range(0, 4000).Average(_ => BrightestOverlap.Of(Noise(random, positions), Noise(random, positions)));
        Assert.Equal(expected, mean, 0.01);
    }

    [Theory]
    [InlineData(new float[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, float.NaN })]
    [InlineData(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, float.PositiveInfinity })]
    [InlineData(new float[] { 1, 2, 3 })]
    public void Maps_without_peaks_or_numbers_or_places_share_nothing_that_could_be_told(float[] map) =>
        Assert.True(double.IsNaN(BrightestOverlap.Of(map, map)));

    [Fact]
    public void Maps_that_agree_pass_and_unrelated_ones_fail()
    {
        var agreeing = new MethodTrust().Of(Measured(24, ("a", 0.1f), ("b", 0.2f), ("c", 0.1f)), "images");
        Assert.True(agreeing.Passed);
        Assert.StartsWith("Maps of SAM and Grad-CAM agree clearly more than by chance at 2 of the 2 deeper layers: of the brightest tenth of the positions they share ", agreeing.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("chance alone gives 10 %.", agreeing.Sentence, StringComparison.Ordinal);
        var unrelated = new MethodTrust().Of(Measured(24, ("a", 100f), ("b", 100f), ("c", 100f)), "images");
        Assert.False(unrelated.Passed);
        Assert.Contains("hardly more than by chance at 2 of the 2 deeper layers", unrelated.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_deeper_half_counts() =>
        Assert.True(new MethodTrust().Of(Measured(24, ("first", 100f), ("second", 100f), ("third", 0.1f), ("fourth", 0.1f)), "images").Passed);

    [Fact]
    public void Where_half_of_the_deeper_layers_agree_and_the_others_do_not_it_fails_and_says_where()
    {
        var half = new MethodTrust().Of(Measured(24, ("a", 0.1f), ("b", 0.1f), ("shallow", 0.1f), ("deep", 100f)), "images");
        Assert.False(half.Passed);
        Assert.Matches("hardly more than by chance at 1 of the 2 deeper layers: .* at `deep` to .* at `shallow`", half.Sentence);
    }

    [Fact]
    public void Maps_that_are_one_by_their_formulas_say_nothing()
    {
        var same = new MethodTrust().Of(Measured(24, ("last", 0)), "images");
        Assert.Null(same.Passed);
        Assert.Contains("the same at 1 layer", same.Sentence, StringComparison.Ordinal);
        var (both, finding) = (Measured(24, ("first", 100f), ("last", 0)), Measured(24, ("first", 100f), ("second", 0), ("last", 0)));
        Assert.False(new MethodTrust().Of(both, "images").Passed);
        Assert.Contains("at the deepest layer that can be compared", new MethodTrust().Of(both, "images").Sentence, StringComparison.Ordinal);
        Assert.StartsWith("At `last` the maps of SAM and Grad-CAM are the same", both.Sentences[1], StringComparison.Ordinal);
        Assert.StartsWith("At 2 layers, `second` the first of them, the maps", finding.Sentences[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1 patient is too few")]
    [InlineData(9, "9 patients are too few")]
    public void Of_few_images_nothing_is_told(int images, string words)
    {
        var few = new MethodTrust().Of(Measured(images, ("a", 0.1f)), "patients");
        Assert.Null(few.Passed);
        Assert.StartsWith(words, few.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_map_can_be_compared_nothing_is_told()
    {
        var agreement = new MethodAgreement(1);
        agreement.Add("a", "sam", "grad-cam", 0, [1, 2], [1, 2]);
        Assert.Null(new MethodTrust().Of(agreement.Finish([], 0), "images").Passed);
    }

    [Fact]
    public void The_finding_has_every_layer_with_its_interval_and_chance_beside_it()
    {
        var finding = Measured(24, ("a", 0.1f), ("b", 100f));
        Assert.Equal([("a", false), ("b", false), ("a", true), ("b", true)], finding.Rows.Select(row => (row.Layer, row.Control)));
        Assert.All(finding.Rows.Where(row => !row.Control), row => Assert.True(row.Value.Low < row.Value.Estimate && row.Value.Estimate < row.Value.High));
        Assert.All(finding.Rows.Where(row => row.Control), row => Assert.Equal(0.1, row.Value.Estimate, 1e-12));
        Assert.StartsWith("SAM and Grad-CAM share, of the brightest tenth of their positions, ", Assert.Single(finding.Sentences), StringComparison.Ordinal);
    }

    // One map a layer and image, and the same with so much noise.
    private static MapSimilarity Measured(int images, params (string Layer, float Noise)[] layers)
    {
        var (agreement, random) = (new MethodAgreement(images), new Random(5));
        foreach (var (layer, noise) in layers)
            for (var image = 0; image < images; image++)
            {
                var map = Noise(random, Positions);
                agreement.Add(layer, "sam", "grad-cam", image, map, [.. map.Zip(Noise(random, Positions), (value, other) => value + noise * other)]);
            }
        return agreement.Finish([], 7);
    }

    private static float[] Noise(Random random, int positions) => [.. Enumerable.Range(0, positions).Select(_ => random.NextSingle())];
}
