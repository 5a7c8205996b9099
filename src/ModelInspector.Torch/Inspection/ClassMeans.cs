using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Sums inputs by class, for the class-neutral input: every class counts the same, however many samples it has.</summary>
internal sealed class ClassMeans
{
    private readonly SortedDictionary<int, (double[] Sum, int Count)> classes = [];
    private System.Collections.Immutable.ImmutableArray<int> shape;

    public void Add(int label, NdArray input)
    {
        shape = input.Shape;
        var (sum, count) = classes.TryGetValue(label, out var known) ? known : (new double[input.Values.Length], 0);
        for (var i = 0; i < sum.Length; i++) sum[i] += input.Values[i];
        classes[label] = (sum, count + 1);
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
