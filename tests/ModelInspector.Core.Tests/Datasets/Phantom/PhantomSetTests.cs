using ModelInspector.Datasets.Phantom;

namespace ModelInspector.Core.Tests.Datasets.Phantom;

public class PhantomSetTests
{
    [Fact]
    public void Held_out_images_are_balanced_over_phases_and_markers()
    {
        var images = PhantomSet.HeldOut(1);
        Assert.Equal(200, images.Length);
        foreach (var phase in Enum.GetValues<ContrastPhase>())
        {
            Assert.Equal(16, images.Count(image => image.Phase == phase && image.MarkerState == MarkerState.Agrees));
            Assert.Equal(12, images.Count(image => image.Phase == phase && image.MarkerState == MarkerState.Contradicts));
            Assert.Equal(12, images.Count(image => image.Phase == phase && image.MarkerState == MarkerState.Absent));
        }
    }

    [Fact]
    public void No_patient_is_in_both_sets_and_no_file_name_twice()
    {
        var held = PhantomSet.HeldOut(1);
        var trained = Enumerable.Range(0, 50).SelectMany(number => PhantomSet.Training(1, number, MarkerPolicy.Random));
        Assert.Empty(held.Select(image => image.Patient.Number).Intersect(trained.Select(image => image.Patient.Number)));
        Assert.Equal(held.Length, held.Select(image => image.File).Distinct().Count());
    }

    [Fact]
    public void Markers_in_training_agree_always_or_by_chance()
    {
        var shortcut = Enumerable.Range(0, 200).SelectMany(number => PhantomSet.Training(1, number, MarkerPolicy.Agreeing));
        Assert.All(shortcut, image => Assert.Equal(MarkerState.Agrees, image.MarkerState));
        var clean = Enumerable.Range(0, 200).SelectMany(number => PhantomSet.Training(1, number, MarkerPolicy.Random)).ToList();
        Assert.InRange(clean.Count(image => image.Marker is null) / 1000.0, 0.28, 0.38);
        Assert.InRange(clean.Count(image => image.MarkerState == MarkerState.Agrees) / 1000.0, 0.09, 0.18);
    }

    [Fact]
    public void The_marker_lies_in_the_corner_and_in_the_air_around_the_patient()
    {
        foreach (var image in PhantomSet.HeldOut(1).Where(image => image.Marker is not null))
        {
            var abdomen = new Abdomen(image.Patient);
            var (marked, bare) = (image.Draw(abdomen), (image with { Marker = null }).Draw(abdomen));
            for (var i = 0; i < marked.Length; i++)
            {
                var (column, row) = (i % PhantomImage.Size - Marker.Corner.Column, i / PhantomImage.Size - Marker.Corner.Row);
                if (column >= 0 && column < Marker.Extent.Columns && row >= 0 && row < Marker.Extent.Rows)
                    Assert.True(bare[i] == 0 && !abdomen.Causal[i]);
                else
                    Assert.Equal(bare[i], marked[i]);
            }
            Assert.NotEqual(bare, marked);
        }
    }

    [Fact]
    public void Every_phase_has_its_own_letters()
    {
        var drawn = Enum.GetValues<ContrastPhase>().Select(phase =>
        {
            var grey = new byte[PhantomImage.Size * PhantomImage.Size];
            Marker.Burn(grey, PhantomImage.Size, phase);
            return Convert.ToHexString(grey);
        });
        Assert.Equal(5, drawn.Distinct().Count());
    }
}
