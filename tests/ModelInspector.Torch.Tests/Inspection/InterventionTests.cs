using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Inspection;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Inspection;

public class InterventionTests
{
    private static readonly Region Corner = new(0, 0, 2, 2);

    private static readonly NdArray Empty = new(1, 4, 4);

    [Fact]
    public void Filling_a_region_flips_what_was_decided_by_it_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using var model = FirstRow();
        var intervention = new Intervention(model, Empty);
        var batch = cat([Bright(1), Bright(3)], 0);
        var decided = intervention.Decision(batch);
        Assert.Equal([1L, 3], decided.data<long>().ToArray());
        Assert.Equal([true, false], intervention.Flips(batch, decided, [null, null], [Corner, Corner]));
        Assert.Equal([false, false], intervention.Flips(batch, decided, [Mask(1), null], [Corner, Corner]));
    }

    [Fact]
    public void A_region_taken_from_another_image_brings_its_class_along()
    {
        using var scope = NewDisposeScope();
        using var model = FirstRow();
        var intervention = new Intervention(model, Empty);
        var batch = Bright(1);
        var decided = intervention.Decision(batch);
        Assert.Equal([true], intervention.Exchanged(batch, decided, [null], [Corner], [Donor(0, null)]));
        Assert.Equal([false], intervention.Exchanged(batch, decided, [null], [Corner], [Donor(1, null)]));
    }

    [Fact]
    public void What_the_mask_of_either_image_covers_is_not_exchanged()
    {
        using var scope = NewDisposeScope();
        using var model = FirstRow();
        var intervention = new Intervention(model, Empty);
        var batch = Bright(1) * 0.5f;
        var decided = intervention.Decision(batch);
        // The donor's bright position lies in its mask, the sample's own place is overwritten: 0.5 at position 1 gives way to nothing.
        Assert.Equal([false], intervention.Exchanged(batch, decided, [Mask(1)], [Corner], [Donor(0, Mask(0))]));
        Assert.Equal([true], intervention.Exchanged(batch, decided, [Mask(1)], [Corner], [Donor(0, null)]));
        Assert.Equal([true], intervention.Exchanged(batch, decided, [null], [Corner], [Donor(0, Mask(0))]));
        Assert.Equal(0.5f, batch.max().item<float>());
    }

    [Fact]
    public void Donors_are_of_another_unit_and_decided_as_asked_for()
    {
        ImmutableArray<int> decided = [.. Enumerable.Range(0, 40).Select(i => i % 3)];
        ImmutableArray<string> units = [.. Enumerable.Range(0, 40).Select(i => $"p{i / 5}")];
        var donors = new Donors(decided, units, [.. Enumerable.Range(0, 40).Where(i => i != 7)], 4);
        for (var sample = 0; sample < 40; sample++)
        {
            var (otherwise, alike) = (donors.Otherwise(sample)!.Value, donors.Alike(sample, 0)!.Value);
            Assert.NotEqual(decided[sample], decided[otherwise]);
            Assert.Equal(decided[sample], decided[alike]);
            Assert.All([otherwise, alike], donor => Assert.True(donor != 7 && units[donor] != units[sample]));
            Assert.Equal(otherwise, donors.Otherwise(sample));
        }
        Assert.Contains(Enumerable.Range(0, 40), sample => donors.Alike(sample, 0) != donors.Alike(sample, 1));
    }

    [Fact]
    public void Without_an_image_decided_otherwise_there_is_no_donor() => Assert.Null(new Donors([1, 1, 1], [], [0, 1, 2], 0).Otherwise(1));

    // Class i looks at position i of the first row; the brightest wins.
    private static GraphModel FirstRow() => Toys.Chain(("row", x => x.narrow(2, 0, 1)), ("flatten", x => x.flatten(1)));

    private static Tensor Bright(int place)
    {
        var image = zeros(1, 1, 4, 4);
        image[0, 0, 0, place] = 1;
        return image;
    }

    private static LoadedSample Donor(int place, NdArray? mask) => new(new Sample("donor", "donor", 0, null), Capture.Batches.ToArray(Bright(place)[0]), null, mask);

    private static NdArray Mask(int place)
    {
        var mask = new NdArray(4, 4);
        mask.Values[place] = 1;
        return mask;
    }
}
