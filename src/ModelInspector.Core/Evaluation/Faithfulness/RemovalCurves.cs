using System.Collections.Immutable;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How the network's answer follows when positions are taken away in the order of a map: what several metrics read from the same runs.</summary>
/// <param name="Shares">Shares of the positions, ascending from 0 to 1.</param>
/// <param name="Removed">Probability of the class when the highest positions of that share are replaced; the first is that of the whole image.</param>
/// <param name="Kept">Probability of the class when all but the highest positions of that share are replaced; the last is that of the whole image.</param>
/// <param name="Weighted">Probability of the class when each position is blended with its replacement by the rectified map, its largest value being 1.</param>
/// <exception cref="ArgumentException">The curves differ in length or do not begin at 0 and end at 1.</exception>
public sealed record RemovalCurves(ImmutableArray<double> Shares, ImmutableArray<double> Removed, ImmutableArray<double> Kept, double Weighted)
{
    /// <summary>Shares of the positions, ascending from 0 to 1.</summary>
    public ImmutableArray<double> Shares { get; } = Shares is [0, .., 1] && Shares.Length == Removed.Length && Shares.Length == Kept.Length ? Shares
        : throw new ArgumentException($"Curves of {Removed.Length} and {Kept.Length} points over {Shares.Length} shares; expected as many, from 0 to 1.", nameof(Shares));

    /// <summary>Estimated information of the images of <see cref="Kept"/>, in any unit; empty where it was not estimated.</summary>
    public ImmutableArray<double> Information { get; init; } = [];

    /// <summary>Whether the network gives the class to the images of <see cref="Kept"/>: 1 or 0; empty where it was not asked.</summary>
    public ImmutableArray<double> Right { get; init; } = [];

    /// <summary>Probability of the class for the whole image.</summary>
    public double Whole => Removed[0];

    /// <summary>Why nothing can be said; null if it can.</summary>
    public string? Undefined => Removed.Concat(Kept).Append(Weighted).All(double.IsFinite) ? null : "the network gave NaN for a changed image";

    /// <summary>Why answers to the images of <see cref="Kept"/> make no curve over their information; null if they do.</summary>
    internal string? NoInformationCurve(IReadOnlyList<double> answers) => Undefined
        ?? (Information.Length != Shares.Length || answers.Count != Shares.Length ? "the information of its versions was not estimated"
        : Information[^1] <= Information[0] ? "the whole image holds no more information than the empty one"
        : answers[^1] <= answers[0] ? "the empty image is given the class as much as the whole one" : null);

    /// <summary>Answers to the images of <see cref="Kept"/> over their information.</summary>
    internal InformationCurve Regained(IReadOnlyList<double> answers) => new(Information, answers);

    /// <summary>Area under a curve over the shares, by trapezoids.</summary>
    internal double Area(ImmutableArray<double> curve)
    {
        var area = 0.0;
        for (var i = 1; i < curve.Length; i++) area += (Shares[i] - Shares[i - 1]) * (curve[i] + curve[i - 1]) / 2;
        return area;
    }
}
