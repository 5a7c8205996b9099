using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Every metric of one method at one layer for every image; NaN where there is none.</summary>
internal sealed class ScoreSheet
{
    private readonly double[][] values;
    private readonly string?[] reasons;

    public ScoreSheet(int images)
    {
        values = [.. DepthMetric.All.Select(_ => NotMeasured(images))];
        reasons = new string?[images];
        Seen = new bool[images];
    }

    /// <summary>Which images were measured at all.</summary>
    public bool[] Seen { get; }

    /// <summary>How many images have no score, by reason, the commonest first.</summary>
    public IEnumerable<(string Reason, int Images)> Undefined => reasons.OfType<string>().GroupBy(reason => reason)
        .Select(group => (group.Key, group.Count())).OrderByDescending(group => group.Item2).ThenBy(group => group.Key, StringComparer.Ordinal);

    public double[] this[int metric] => values[metric];

    public double[] this[string name, double? threshold] => values[IndexOf(name, threshold)];

    public void Measure(int image, MaskedMap map)
    {
        Seen[image] = true;
        for (var metric = 0; metric < values.Length; metric++)
        {
            var score = DepthMetric.All[metric].Metric.Measure(map, Job.Quiet());
            values[metric][image] = score.Value;
            reasons[image] ??= score.Undefined;
        }
    }

    public void Save(BinaryWriter writer)
    {
        Plain.Write(writer, Seen);
        foreach (var scores in values) Plain.Write(writer, scores);
        foreach (var reason in reasons) writer.Write(reason ?? "");
    }

    public void Load(BinaryReader reader)
    {
        Plain.Read(reader, Seen);
        foreach (var scores in values) Plain.Read(reader, scores);
        for (var image = 0; image < reasons.Length; image++) reasons[image] = reader.ReadString() is { Length: > 0 } reason ? reason : null;
    }

    private static double[] NotMeasured(int images)
    {
        var scores = new double[images];
        scores.AsSpan().Fill(double.NaN);
        return scores;
    }

    private static int IndexOf(string name, double? threshold)
    {
        for (var i = 0; i < DepthMetric.All.Length; i++)
            if (DepthMetric.All[i].Name == name && DepthMetric.All[i].Threshold == threshold) return i;
        throw new ArgumentException($"{name} at {threshold} is not in the table.", nameof(name));
    }
}
