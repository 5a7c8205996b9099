using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>Scores of images under any key, with the reasons where there is none: what means and intervals are made from.</summary>
/// <param name="images">Images in the data set.</param>
/// <typeparam name="TKey">What was scored: a layer, a method and a metric.</typeparam>
public sealed class ImageScores<TKey>(int images)
    where TKey : notnull
{
    private readonly Dictionary<TKey, double[]> values = [];
    private readonly Dictionary<TKey, SortedDictionary<string, int>> reasons = [];
    private readonly List<TKey> order = [];

    /// <summary>Everything that was scored, in the order of its first score.</summary>
    public IReadOnlyList<TKey> Keys => order;

    /// <summary>Notes one image's score.</summary>
    public void Add(TKey key, int image, Score score)
    {
        Row(key)[image] = score.Value;
        if (score.Undefined is { } reason) reasons[key][reason] = reasons[key].GetValueOrDefault(reason) + 1;
    }

    /// <summary>The scores of a key, one an image, NaN where there is none.</summary>
    public ReadOnlySpan<double> Of(TKey key) => values[key];

    /// <summary>The mean over images with its interval; NaN and a count of zero if no image has a score.</summary>
    public Interval Mean(TKey key, BootstrapDraws draws) => draws.Mean(values[key]);

    /// <summary>Why images have no score, with how many, the commonest first.</summary>
    public ImmutableArray<(string Reason, int Images)> Undefined(TKey key) =>
        [.. reasons[key].Select(reason => (reason.Key, reason.Value)).OrderByDescending(reason => reason.Value)];

    /// <summary>Writes every score so far, to go on with later by <see cref="Load"/>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="key">Writes a key.</param>
    public void Save(BinaryWriter writer, Action<BinaryWriter, TKey> key)
    {
        writer.Write(order.Count);
        foreach (var one in order)
        {
            key(writer, one);
            Plain.Write(writer, values[one]);
            writer.Write(reasons[one].Count);
            foreach (var (reason, count) in reasons[one])
            {
                writer.Write(reason);
                writer.Write(count);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote of scores of as many images.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="key">Reads a key.</param>
    public void Load(BinaryReader reader, Func<BinaryReader, TKey> key)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var one = key(reader);
            Plain.Read(reader, Row(one));
            for (var some = reader.ReadInt32(); some > 0; some--) reasons[one][reader.ReadString()] = reader.ReadInt32();
        }
    }

    private double[] Row(TKey key)
    {
        if (values.TryGetValue(key, out var row)) return row;
        order.Add(key);
        reasons[key] = new(StringComparer.Ordinal);
        values[key] = row = new double[images];
        row.AsSpan().Fill(double.NaN);
        return row;
    }
}
