using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>Everything that an evaluation has scored so far. It can be written down and read back.</summary>
/// <param name="table">Scores so far.</param>
/// <param name="samples">Samples in the data set.</param>
internal sealed class EvaluationState(DepthTable table, int samples)
{
    /// <summary>Samples whose maps are scored.</summary>
    public int Drawn { get; set; }

    /// <summary>Samples whose costly scores are known.</summary>
    public int Answered { get; set; }

    /// <summary>Predicted class of each sample.</summary>
    public int[] Predicted { get; } = new int[samples];

    /// <summary>Its soft-max probability.</summary>
    public float[] Confidence { get; } = new float[samples];

    /// <summary>Scores of every map.</summary>
    public DepthTable Table { get; } = table;

    /// <summary>Information curves.</summary>
    public InformationTable Information { get; } = new();

    /// <summary>Writes the state, to go on with later by <see cref="Load"/>.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Drawn);
        writer.Write(Answered);
        Plain.Write(writer, Predicted);
        Plain.Write(writer, Confidence);
        Table.Save(writer);
        Information.Save(writer);
    }

    /// <summary>Reads a state into this one, which has seen nothing yet.</summary>
    public void Load(BinaryReader reader)
    {
        (Drawn, Answered) = (reader.ReadInt32(), reader.ReadInt32());
        Plain.Read(reader, Predicted);
        Plain.Read(reader, Confidence);
        Table.Load(reader);
        Information.Load(reader);
    }
}
