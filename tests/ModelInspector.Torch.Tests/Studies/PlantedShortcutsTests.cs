using ModelInspector.Datasets.Phantom;
using ModelInspector.Findings;
using ModelInspector.Studies;

namespace ModelInspector.Torch.Tests.Studies;

public sealed class PlantedShortcutsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(MarkPlace.UpperLeft)]
    [InlineData(MarkPlace.LowerRight)]
    [InlineData(MarkPlace.Back)]
    public void A_mark_shows_as_many_bright_squares_as_its_phase_has_a_number_and_nothing_else(MarkPlace place)
    {
        var mark = new PlantedMark(place, 3, 0.5);
        foreach (var phase in Enum.GetValues<ContrastPhase>())
        {
            var grey = new byte[PhantomImage.Size * PhantomImage.Size];
            mark.Burn(grey, phase);
            var bright = grey.Index().Where(value => value.Item > 0).ToList();
            Assert.Equal(9 * (1 + (int)phase), bright.Count);
            Assert.All(bright, value => Assert.Equal(128, value.Item));
            Assert.All(bright, value => Assert.True(mark.Covers(value.Index / PhantomImage.Size, value.Index % PhantomImage.Size)));
        }
        Assert.False(mark.Covers(60, 2));
    }

    [Fact]
    public void Intervals_of_a_rate_are_those_of_clopper_and_pearson()
    {
        // None of n: the upper bound solves (1 − p)^n = 0.025.
        Assert.Equal(1 - Math.Pow(0.025, 1.0 / 10), PlantedShortcuts.Beta(0, 10, lower: false), 1e-9);
        Assert.Equal(Math.Pow(0.025, 1.0 / 10), PlantedShortcuts.Beta(10, 10, lower: true), 1e-9);
        Assert.Equal((0.0, 1.0), (PlantedShortcuts.Beta(0, 10, lower: true), PlantedShortcuts.Beta(10, 10, lower: false)));
        Assert.Equal(0.1871, PlantedShortcuts.Beta(5, 10, lower: true), 1e-4);
        Assert.True(PlantedShortcuts.Beta(0, 72, lower: false) is > 0.049 and < 0.0501);
    }

    [Fact]
    public void Every_network_stands_in_one_row_and_those_that_took_the_shortcut_in_the_rows_above_half()
    {
        double[] steps = [0, 0.1, 0.25, 0.5, 0.75, 1];
        foreach (var share in Enumerable.Range(0, 31).Select(count => count / 30.0))
        {
            var row = Assert.Single(Enumerable.Range(0, 5), i => PlantedShortcuts.Within(share, steps[i], steps[i + 1]));
            Assert.Equal(share > 0.5, row >= 3);
        }
    }

    [Fact]
    public void A_tiny_study_counts_every_network_and_goes_on_from_what_is_there()
    {
        var study = new PlantedShortcuts(1, 5, 1, 2) { Marks = [new PlantedMark(MarkPlace.UpperLeft, 6, 1)] };
        var first = study.Run(folder, Job.Quiet(2));
        var row = Assert.Single(first.Tables[0].Rows);
        Assert.Equal("1", Assert.Single(first.Tables[1].Rows)[1]);
        Assert.Equal(first.Tables[0].Columns.Length, row.Length);
        Assert.Equal(["upper-left", "6", "1", "1"], row.Take(4));
        Assert.Equal("1", row[9]);
        Assert.Equal(2, Directory.GetFiles(folder, "network.onnx", SearchOption.AllDirectories).Length);
        Assert.Equal(first.Sentences.AsEnumerable(), study.Run(folder, Job.Quiet(2)).Sentences);
        // What was kept is read: a verdict that was written over is believed, but not one of other layers.
        foreach (var file in Directory.GetFiles(folder, "network.verdict.txt", SearchOption.AllDirectories))
            File.WriteAllLines(file, [File.ReadLines(file).First(), nameof(VerdictState.ShortcutFound), "1", "True"]);
        Assert.Contains("1 of 1", study.Run(folder, Job.Quiet(2)).Sentences[2], StringComparison.Ordinal);
        Assert.Contains("0 of 1", (study with { Layers = "stage3.relu2" }).Run(folder, Job.Quiet(2)).Sentences[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_is_kept_under_everything_that_it_hangs_on()
    {
        var (study, held) = (new PlantedShortcuts(), HeldOutCases.Draw(2, 2, Job.Quiet()));
        string[] keys =
        [
            study.Settings(held, Job.Quiet(2)), study.Settings(held, Job.Quiet(3)), study.Settings(HeldOutCases.Draw(2, 3, Job.Quiet()), Job.Quiet(2)),
            study.Settings(HeldOutCases.Draw(2, 2, Job.Quiet(), new PlantedMark(MarkPlace.Back, 6, 1).Burn), Job.Quiet(2)), (study with { Layers = "stage1.relu1" }).Settings(held, Job.Quiet(2)),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.DoesNotContain('\n', key));
        foreach (var part in (string[])["Version", "Alpha", "LeastEffect", "LargestShare", "GroupColumn", "Maps"]) Assert.Contains($"\"{part}\":", keys[0], StringComparison.Ordinal);
    }
}
