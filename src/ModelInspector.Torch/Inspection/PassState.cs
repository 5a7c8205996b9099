using System.Collections.Immutable;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Everything that the pass over the samples has summed up so far. It can be written down and read back: sums then go on to the same bits.</summary>
/// <param name="table">Scores so far.</param>
/// <param name="halves">The half of each sample.</param>
internal sealed class PassState(DepthTable table, ImmutableArray<int> halves)
{
    /// <summary>Samples seen.</summary>
    public int Rows { get; set; }

    /// <summary>Predicted class of each sample.</summary>
    public int[] Predicted { get; } = new int[halves.Length];

    /// <summary>Its soft-max probability.</summary>
    public float[] Confidence { get; } = new float[halves.Length];

    /// <summary>Share of positions inside the mask; NaN without mask.</summary>
    public double[] MaskShare { get; } = new double[halves.Length];

    /// <summary>Scores of every map against the masks.</summary>
    public DepthTable Table { get; } = table;

    /// <summary>Mean input by class.</summary>
    public ClassMeans Means { get; } = new();

    /// <summary>Mean attribution by position.</summary>
    public GatheredAttribution Gathered { get; } = new(halves);

    /// <summary>Writes the state, to go on with later by <see cref="Load"/>.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Rows);
        Plain.Write(writer, Predicted);
        Plain.Write(writer, Confidence);
        Plain.Write(writer, MaskShare);
        Table.Save(writer);
        Means.Save(writer);
        Gathered.Save(writer);
    }

    /// <summary>Reads a state into this one, which has seen nothing yet.</summary>
    public void Load(BinaryReader reader)
    {
        Rows = reader.ReadInt32();
        Plain.Read(reader, Predicted);
        Plain.Read(reader, Confidence);
        Plain.Read(reader, MaskShare);
        Table.Load(reader);
        Means.Load(reader);
        Gathered.Load(reader);
    }
}
