using System.Collections.Immutable;
using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Dense layers with ELU between them, as plain numbers: what stays of a trained network when its tensors are gone.</summary>
/// <param name="Weights">Weight (outputs × inputs) and bias (1 × outputs) of each layer in order.</param>
internal sealed record DenseLayers(ImmutableArray<Matrix> Weights)
{
    public Matrix Apply(Matrix rows)
    {
        var result = new Matrix(rows.Rows, Weights[^1].Columns);
        RowParallel.Run(rows.Rows, 64, (_, from, to) =>
        {
            for (var row = from; row < to; row++) Apply(rows.Row(row).ToArray()).CopyTo(result.Row(row));
        });
        return result;
    }

    private float[] Apply(float[] row)
    {
        for (var layer = 0; layer < Weights.Length; layer += 2)
        {
            var (weight, bias) = (Weights[layer], Weights[layer + 1].Values);
            var next = new float[weight.Rows];
            for (var unit = 0; unit < next.Length; unit++)
            {
                var sum = TensorPrimitives.Dot<float>(weight.Row(unit), row) + bias[unit];
                next[unit] = layer + 2 == Weights.Length || sum > 0 ? sum : MathF.Exp(sum) - 1;
            }
            row = next;
        }
        return row;
    }
}
