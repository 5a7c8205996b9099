using System.Collections.Immutable;
using ModelInspector.Capture;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>
/// Mean attribution by position over samples and layers. Each map is rectified, brought to the input's size and divided by its own sum, so that
/// every sample and every layer counts the same.
/// </summary>
/// <param name="halves">The half of each sample: what is outside the masks is summed for each half alone.</param>
internal sealed class GatheredAttribution(ImmutableArray<int> halves)
{
    private readonly double[][] outside = [[], []];
    private readonly int[] maps = [0, 0];
    private double[] all = [];
    private int rows;

    /// <summary>Adds the maps of one layer.</summary>
    /// <param name="first">Index of the first sample.</param>
    /// <param name="drawn">(n, H, W), raw.</param>
    /// <param name="masks">Each sample's mask, or null.</param>
    public void Add(int first, Tensor drawn, IReadOnlyList<NdArray?> masks)
    {
        var positive = drawn.relu();
        var shares = Batches.ToArray(positive / positive.sum([1, 2], keepdim: true).clamp_min(1e-30));
        if (all.Length == 0) Begin(shares.Stride, shares.Shape[1]);
        for (var i = 0; i < shares.Shape[0]; i++) Add(halves[first + i], shares[i], masks[i]);
    }

    /// <summary>Mean share of attribution at each position, (H, W); null when nothing was added.</summary>
    public NdArray? Mean => Map(all, maps.Sum());

    /// <summary>The same of one half of the samples, counting only positions outside each sample's mask.</summary>
    public NdArray? Outside(int half) => Map(outside[half], maps[half]);

    public void Save(BinaryWriter writer)
    {
        writer.Write(all.Length);
        writer.Write(rows);
        Plain.Write(writer, maps);
        Plain.Write(writer, all);
        foreach (var half in outside) Plain.Write(writer, half);
    }

    public void Load(BinaryReader reader)
    {
        Begin(reader.ReadInt32(), reader.ReadInt32());
        Plain.Read(reader, maps);
        Plain.Read(reader, all);
        foreach (var half in outside) Plain.Read(reader, half);
    }

    private void Begin(int positions, int rowsOfAll)
    {
        (all, rows) = (new double[positions], rowsOfAll);
        for (var half = 0; half < outside.Length; half++) outside[half] = new double[positions];
    }

    private void Add(int half, ReadOnlySpan<float> share, NdArray? mask)
    {
        maps[half]++;
        for (var i = 0; i < share.Length; i++)
        {
            all[i] += share[i];
            if (mask is null || mask.Values[i] == 0) outside[half][i] += share[i];
        }
    }

    private NdArray? Map(double[] sum, int count) => count == 0 ? null : new NdArray([rows, sum.Length / rows], [.. sum.Select(value => (float)(value / count))]);
}
