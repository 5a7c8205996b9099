using System.Collections.Immutable;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How far an answer has come back by how much of an image's information is back: both go from 0 (empty image) to 1 (whole image), and the answer never falls.</summary>
internal sealed class InformationCurve
{
    private readonly List<(double Information, double Answer)> points = [];

    /// <summary>A curve through measured points, in any order.</summary>
    /// <param name="information">Estimated information of each version of the image, the empty one first and the whole one last.</param>
    /// <param name="answers">The network's answer to each; the last is higher than the first.</param>
    public InformationCurve(IReadOnlyList<double> information, IReadOnlyList<double> answers)
    {
        var highest = 0.0;
        foreach (var (known, answer) in information.Zip(answers).Skip(1).SkipLast(1).Select(point => (Share(point.First, information), Share(point.Second, answers))).Order().Prepend((0, 0)).Append((1, 1)))
            points.Add((known, highest = Math.Max(highest, answer)));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public InformationCurve(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--) points.Add((reader.ReadDouble(), reader.ReadDouble()));
    }

    /// <summary>Writes the curve, to be read again later.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(points.Count);
        foreach (var (information, answer) in points)
        {
            writer.Write(information);
            writer.Write(answer);
        }
    }

    /// <summary>Area under the curve, by trapezoids.</summary>
    public double Area => points.Zip(points.Skip(1), (from, to) => (to.Information - from.Information) * (to.Answer + from.Answer) / 2).Sum();

    /// <summary>The answer at some information, linear between points; where the curve jumps, its upper end.</summary>
    public double At(double information)
    {
        var next = points.FindIndex(point => point.Information > information);
        if (next < 0) return points[^1].Answer;
        var (from, to) = (points[next - 1], points[next]);
        return from.Answer + (information - from.Information) / (to.Information - from.Information) * (to.Answer - from.Answer);
    }

    /// <summary>The mean of several curves on a grid.</summary>
    public static ImmutableArray<double> Mean(IReadOnlyCollection<InformationCurve> curves, IEnumerable<double> grid) => [.. grid.Select(at => curves.Average(curve => curve.At(at)))];

    private static double Share(double value, IReadOnlyList<double> range) => Math.Clamp((value - range[0]) / (range[^1] - range[0]), 0, 1);
}
