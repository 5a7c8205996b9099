using ModelInspector.Capture;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>
/// Mean attribution by position over samples and layers. Each map is rectified, brought to the input's size and divided by its own sum, so that
/// every sample and every layer counts the same.
/// </summary>
internal sealed class GatheredAttribution
{
    private double[] all = [];
    private double[] outside = [];
    private int maps;
    private int rows;

    /// <summary>Adds the maps of one layer.</summary>
    /// <param name="drawn">(n, H, W), raw.</param>
    /// <param name="masks">Each sample's mask, or null.</param>
    public void Add(Tensor drawn, IReadOnlyList<NdArray?> masks)
    {
        var positive = drawn.relu();
        var shares = Batches.ToArray(positive / positive.sum([1, 2], keepdim: true).clamp_min(1e-30));
        if (all.Length == 0) (all, outside, rows) = (new double[shares.Stride], new double[shares.Stride], shares.Shape[1]);
        for (var i = 0; i < shares.Shape[0]; i++) Add(shares[i], masks[i]);
    }

    /// <summary>Mean share of attribution at each position, (H, W); null when nothing was added.</summary>
    public NdArray? Mean => Map(all);

    /// <summary>The same, counting only positions outside each sample's mask.</summary>
    public NdArray? Outside => Map(outside);

    public void Save(BinaryWriter writer)
    {
        writer.Write(all.Length);
        writer.Write(maps);
        writer.Write(rows);
        Plain.Write(writer, all);
        Plain.Write(writer, outside);
    }

    public void Load(BinaryReader reader)
    {
        (all, maps, rows) = (new double[reader.ReadInt32()], reader.ReadInt32(), reader.ReadInt32());
        outside = new double[all.Length];
        Plain.Read(reader, all);
        Plain.Read(reader, outside);
    }

    private void Add(ReadOnlySpan<float> share, NdArray? mask)
    {
        maps++;
        for (var i = 0; i < share.Length; i++)
        {
            all[i] += share[i];
            if (mask is null || mask.Values[i] == 0) outside[i] += share[i];
        }
    }

    private NdArray? Map(double[] sum) => maps == 0 ? null : new NdArray([rows, sum.Length / rows], [.. sum.Select(value => (float)(value / maps))]);
}
