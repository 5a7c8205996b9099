using System.Globalization;

namespace ModelInspector.Evaluation;

/// <summary>Measures one thing of one subject. Implementations are sealed records of their parameters.</summary>
public interface IMetric<in TSubject>
{
    /// <summary>The score; undefined scores (no mask, constant map) say so instead of inventing a number.</summary>
    Score Measure(TSubject subject, Job job);
}

/// <summary>A score, or the reason why there is none.</summary>
/// <param name="Value">The score; NaN when undefined.</param>
/// <param name="Undefined">Why there is no score, else null.</param>
public readonly record struct Score(double Value, string? Undefined = null)
{
    /// <summary>A score that cannot be given.</summary>
    public static Score None(string reason) => new(double.NaN, reason);

    /// <summary>Whether there is a number.</summary>
    public bool IsDefined => Undefined is null;
}

/// <summary>An estimate with its bootstrap interval over <paramref name="Count"/> independent units (images or patients).</summary>
public sealed record Interval(double Estimate, double Low, double High, int Count)
{
    /// <summary>"0.981 [0.975, 0.985]".</summary>
    /// <param name="decimals">Digits behind the point.</param>
    public string Text(int decimals = 3) => $"{Number(Estimate, decimals)} [{Number(Low, decimals)}, {Number(High, decimals)}]";

    /// <summary>The same of a difference: "+0.034 [0.029, 0.040]".</summary>
    /// <param name="decimals">Digits behind the point.</param>
    public string Difference(int decimals = 3) => (Number(Estimate, decimals).AsSpan().IndexOfAnyInRange('1', '9') >= 0 && Estimate > 0 ? "+" : "") + Text(decimals);

    /// <summary>"−0.034"; a dash where there is none.</summary>
    /// <param name="value">A number, or NaN.</param>
    /// <param name="decimals">Digits behind the point.</param>
    public static string Number(double value, int decimals = 3)
    {
        var plain = $"0.{new string('0', decimals)}";
        return double.IsNaN(value) ? "–" : value.ToString($"{plain};−{plain};{plain}", CultureInfo.InvariantCulture);
    }
}
