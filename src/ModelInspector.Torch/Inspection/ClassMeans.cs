using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Sums inputs by class, for the class-neutral input: every class counts the same, however many samples it has.</summary>
internal sealed class ClassMeans
{
    private readonly SortedDictionary<int, (double[] Sum, int Count)> classes = [];
    private ImmutableArray<int> shape = [];

    public void Add(int label, NdArray input)
    {
        shape = input.Shape;
        var (sum, count) = classes.TryGetValue(label, out var known) ? known : (new double[input.Values.Length], 0);
        for (var i = 0; i < sum.Length; i++) sum[i] += input.Values[i];
        classes[label] = (sum, count + 1);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(shape.Length);
        foreach (var size in shape) writer.Write(size);
        writer.Write(classes.Count);
        foreach (var (label, (sum, count)) in classes)
        {
            writer.Write(label);
            writer.Write(count);
            Plain.Write(writer, sum);
        }
    }

    public void Load(BinaryReader reader)
    {
        var sizes = new int[reader.ReadInt32()];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = reader.ReadInt32();
        shape = [.. sizes];
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (label, count, sum) = (reader.ReadInt32(), reader.ReadInt32(), new double[sizes.Aggregate(1, (product, size) => product * size)]);
            Plain.Read(reader, sum);
            classes[label] = (sum, count);
        }
    }

    /// <summary>Mean over classes of each class's mean input.</summary>
    public NdArray Neutral()
    {
        var mean = new NdArray(shape);
        foreach (var (sum, count) in classes.Values)
            for (var i = 0; i < sum.Length; i++) mean.Values[i] += (float)(sum[i] / count / classes.Count);
        return mean;
    }
}
