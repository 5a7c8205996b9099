using System.Collections.Immutable;
using ModelInspector.Evaluation.Shortcuts;

namespace ModelInspector.Inspection;

/// <summary>Which decisions flipped when a suspected region was replaced, and when it was exchanged.</summary>
/// <param name="suspect">The region.</param>
/// <param name="count">Samples in the data set.</param>
/// <param name="draws">Draws of every control.</param>
internal sealed class RegionTally(Suspect suspect, int count, int draws)
{
    /// <summary>Replaced by the class-neutral fill; the controls are other places.</summary>
    public Flipped Replaced { get; } = new(count, draws);

    /// <summary>Taken from images decided otherwise; the controls are images decided alike.</summary>
    public Flipped Exchanged { get; } = new(count, draws);

    /// <summary>The rectangle that each of some samples is tested with.</summary>
    public Region[] Regions(int[] samples) => [.. samples.Select(suspect.For)];

    /// <summary>What was seen.</summary>
    /// <param name="rows">Of the input.</param>
    /// <param name="columns">Of the input.</param>
    /// <param name="unit">What is counted.</param>
    public RegionEvidence Evidence(int rows, int columns, string unit) =>
        new($"{(suspect.Found.First == suspect.Found.Second ? "" : "a region within ")}{Where(suspect.Frame)} ({Place(suspect.Frame, rows, columns)})", [.. Replaced.Effects], Replaced.Controls, "equally large random regions", unit)
        {
            Place = Place(suspect.Frame, rows, columns) is "centre" ? "a patch in the centre" : $"a patch at the {Place(suspect.Frame, rows, columns)}",
            Exchange = new ExchangeEvidence([.. Exchanged.Effects], Exchanged.Controls),
        };

    private static string Where(Region region) => $"rows {region.Top}–{region.Top + region.Height - 1}, columns {region.Left}–{region.Left + region.Width - 1}";

    // By the thirds that its middle lies in.
    private static string Place(Region region, int rows, int columns) =>
        (Third(region.Top, region.Height, rows), Third(region.Left, region.Width, columns)) switch
        {
            (1, 1) => "centre",
            (1, var column) => column == 0 ? "left" : "right",
            (var row, 1) => row == 0 ? "top" : "bottom",
            var (row, column) => $"{(row == 0 ? "top" : "bottom")} {(column == 0 ? "left" : "right")}",
        };

    private static int Third(int start, int size, int of) => Math.Min(2, 3 * (2 * start + size) / (2 * of));

    /// <summary>1 where a decision flipped, 0 where it did not, NaN where it was not tried.</summary>
    internal sealed class Flipped(int count, int draws)
    {
        private readonly double[][] controls = [.. Enumerable.Range(0, draws).Select(_ => Untried(count))];

        public double[] Effects { get; } = Untried(count);

        public ImmutableArray<ImmutableArray<double>> Controls => [.. controls.Select(control => control.ToImmutableArray())];

        public void Effect(int[] samples, IEnumerable<bool?> flips) => Note(Effects, samples, flips);

        public void Control(int draw, int[] samples, IEnumerable<bool?> flips) => Note(controls[draw], samples, flips);

        private static double[] Untried(int count) => [.. Enumerable.Repeat(double.NaN, count)];

        private static void Note(double[] values, int[] samples, IEnumerable<bool?> flips)
        {
            foreach (var (sample, flip) in samples.Zip(flips)) values[sample] = flip is { } known ? known ? 1 : 0 : double.NaN;
        }
    }
}
