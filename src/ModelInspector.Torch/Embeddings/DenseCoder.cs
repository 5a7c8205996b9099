using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Dense halves, worked out in managed code: a row's result depends on that row alone, to the bit.</summary>
/// <param name="Encoder">Weights up to the bottleneck: weight, bias, weight, bias …</param>
/// <param name="Decoder">Weights after it.</param>
/// <param name="Codes">Numbers of the bottleneck; what else a variational encoder gives is left off.</param>
internal sealed record DenseCoder(ImmutableArray<Matrix> Encoder, ImmutableArray<Matrix> Decoder, int Codes) : ICoder
{
    public Matrix Encode(Matrix rows)
    {
        var outputs = new DenseLayers(Encoder).Apply(rows);
        if (outputs.Columns == Codes) return outputs;
        var codes = new Matrix(rows.Rows, Codes);
        for (var row = 0; row < rows.Rows; row++) outputs.Row(row)[..Codes].CopyTo(codes.Row(row));
        return codes;
    }

    public Matrix Decode(Matrix codes) => new DenseLayers(Decoder).Apply(codes);

    public FittedState Into(FittedState state) => Weights.Into(Weights.Into(state, "encoder", Encoder), "decoder", Decoder);
}
