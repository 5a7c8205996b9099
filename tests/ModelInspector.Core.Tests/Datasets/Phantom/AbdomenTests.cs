using ModelInspector.Datasets.Phantom;

namespace ModelInspector.Core.Tests.Datasets.Phantom;

public class AbdomenTests
{
    private const int Size = PhantomImage.Size;

    [Fact]
    public void The_same_seed_draws_the_same_bits()
    {
        var once = new Abdomen(new Patient(5, 3)).Scan(ContrastPhase.Arterial, 1);
        var again = new Abdomen(new Patient(5, 3)).Scan(ContrastPhase.Arterial, 1);
        Assert.Equal(once.Attenuation, again.Attenuation);
        Assert.Equal(once.Causal, again.Causal);
    }

    [Fact]
    public void Another_seed_patient_or_scan_draws_something_else()
    {
        var slice = new Abdomen(new Patient(5, 3)).Scan(ContrastPhase.Arterial, 1).Attenuation;
        Assert.NotEqual(slice, new Abdomen(new Patient(6, 3)).Scan(ContrastPhase.Arterial, 1).Attenuation);
        Assert.NotEqual(slice, new Abdomen(new Patient(5, 4)).Scan(ContrastPhase.Arterial, 1).Attenuation);
        Assert.NotEqual(slice, new Abdomen(new Patient(5, 3)).Scan(ContrastPhase.Arterial, 2).Attenuation);
    }

    [Fact]
    public void Phases_differ_inside_the_mask_and_nowhere_else()
    {
        for (var number = 0; number < 12; number++)
        {
            var abdomen = new Abdomen(new Patient(1, number));
            var phases = Enum.GetValues<ContrastPhase>().Select(phase => abdomen.Scan(phase, 0).Attenuation).ToArray();
            for (var i = 0; i < Size * Size; i++)
                Assert.Equal(abdomen.Causal[i], phases.Any(phase => phase[i] != phases[0][i]));
        }
    }

    [Fact]
    public void Every_slice_shows_causal_organs_on_a_part_of_the_image_only()
    {
        for (var number = 0; number < 40; number++)
        {
            var share = new Abdomen(new Patient(2, number)).Causal.Count(inside => inside) / (double)(Size * Size);
            Assert.InRange(share, 0.05, 0.25);
        }
    }

    [Theory]
    [InlineData(ContrastPhase.NonContrast, Tissue.Artery, 0)]
    [InlineData(ContrastPhase.Arterial, Tissue.Artery, 270)]
    [InlineData(ContrastPhase.Excretory, Tissue.Pelvis, 520)]
    [InlineData(ContrastPhase.Arterial, Tissue.Muscle, 0)]
    public void Enhancement_is_read_from_the_table(ContrastPhase phase, Tissue tissue, double units) =>
        Assert.Equal(units, Enhancement.In(tissue, phase));

    [Fact]
    public void A_late_scan_lies_between_two_phases_and_the_first_scan_is_never_late()
    {
        Assert.Equal(270 - 0.1 * (270 - 125), Enhancement.In(Tissue.Artery, ContrastPhase.Arterial, 0.1), 9);
        Assert.Equal(0, Enhancement.In(Tissue.Artery, ContrastPhase.NonContrast, 0.1));
        Assert.Equal(270, Enhancement.In(Tissue.Artery, ContrastPhase.Arterial, -0.1));
        Assert.Equal(42, Enhancement.In(Tissue.Artery, ContrastPhase.Excretory, 0.1));
    }

    [Fact]
    public void Noise_has_the_deviation_of_the_scanner()
    {
        var patient = Enumerable.Range(0, 50).Select(number => new Patient(3, number)).First(patient => patient.Scanner.Name == "B");
        var abdomen = new Abdomen(patient);
        var difference = abdomen.Scan(ContrastPhase.Arterial, 0).Attenuation.Zip(abdomen.Scan(ContrastPhase.Arterial, 1).Attenuation, (a, b) => (double)a - b).ToArray();
        var deviation = Math.Sqrt(difference.Average(value => value * value) / 2);
        var expected = patient.Scanner.Noise * (0.8 + 0.5 * patient.Stoutness);
        // Cutting the normal off at two deviations takes 12 % away.
        Assert.InRange(deviation / expected, 0.8, 1.0);
    }

    [Fact]
    public void The_mean_grey_value_alone_does_not_tell_the_phase()
    {
        var means = Enumerable.Range(0, 60).SelectMany(number => Means(new Abdomen(new Patient(4, number)))).ToArray();
        var centres = means.GroupBy(image => image.Phase).ToDictionary(group => group.Key, group => group.Average(image => image.Mean));
        var right = means.Count(image => centres.MinBy(centre => Math.Abs(centre.Value - image.Mean)).Key == image.Phase);
        Assert.InRange(right / (double)means.Length, 0.2, 0.5);
    }

    private static IEnumerable<(ContrastPhase Phase, double Mean)> Means(Abdomen abdomen) =>
        Enum.GetValues<ContrastPhase>().Select(phase => (phase, Window.Abdomen.Grey(abdomen.Scan(phase, (ulong)phase)).Average(value => (double)value)));
}
