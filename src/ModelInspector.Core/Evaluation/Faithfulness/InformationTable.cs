using System.Globalization;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>Mean information curves of maps over images, for a table.</summary>
public sealed class InformationTable
{
    private const int Steps = 20;
    private readonly Dictionary<(string Layer, string Method, string Curve), List<InformationCurve>> curves = [];

    /// <summary>Adds one image's curves, as far as it has any.</summary>
    /// <param name="layer">Where the map looks.</param>
    /// <param name="method">Its name.</param>
    /// <param name="of">What the network answered.</param>
    public void Add(string layer, string method, RemovalCurves of)
    {
        Add((layer, method, "accuracy"), of, of.Right);
        Add((layer, method, "softmax"), of, of.Kept);
    }

    /// <summary>A heading, then one line for each point of each mean curve: shares of the information from 0 to 1 in steps of 0.05.</summary>
    public IEnumerable<string> Csv()
    {
        yield return "layer,method,curve,information,answer,images";
        double[] grid = [.. Enumerable.Range(0, Steps + 1).Select(step => (double)step / Steps)];
        foreach (var (key, some) in curves)
            foreach (var (information, answer) in grid.Zip(InformationCurve.Mean(some, grid)))
                yield return string.Create(CultureInfo.InvariantCulture, $"{Quoted(key.Layer)},{Quoted(key.Method)},{key.Curve},{information},{answer:R},{some.Count}");
    }

    /// <summary>Writes every curve so far, to go on with later by <see cref="Load"/>.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(curves.Count);
        foreach (var (key, some) in curves)
        {
            writer.Write(key.Layer);
            writer.Write(key.Method);
            writer.Write(key.Curve);
            writer.Write(some.Count);
            foreach (var curve in some) curve.Save(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into this table, which holds nothing yet.</summary>
    public void Load(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var some = curves[(reader.ReadString(), reader.ReadString(), reader.ReadString())] = [];
            for (var more = reader.ReadInt32(); more > 0; more--) some.Add(new(reader));
        }
    }

    private void Add((string, string, string) key, RemovalCurves of, IReadOnlyList<double> answers)
    {
        if (of.NoInformationCurve(answers) is not null) return;
        if (!curves.TryGetValue(key, out var some)) curves[key] = some = [];
        some.Add(of.Regained(answers));
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
