using System.Collections.Immutable;
using System.Numerics.Tensors;
using ModelInspector.Numerics;
using TorchSharp.Modules;

namespace ModelInspector.Embeddings;

/// <summary>
/// Dense layers with ELU between them, as plain numbers: what stays of a trained network when its tensors are gone. A row's result depends on
/// that row alone.
/// </summary>
/// <param name="Layers">Weights (outputs × inputs) and biases in order.</param>
internal sealed record DenseLayers(ImmutableArray<(Matrix Weight, float[] Bias)> Layers)
{
    public static DenseLayers Of(IEnumerable<Linear> layers) => new([.. layers.Select(layer =>
    {
        var shape = layer.weight.shape;
        return (new Matrix((int)shape[0], (int)shape[1], layer.weight.data<float>().ToArray()), layer.bias!.data<float>().ToArray());
    })]);

    public Matrix Apply(Matrix rows)
    {
        var result = new Matrix(rows.Rows, Layers[^1].Weight.Rows);
        RowParallel.Run(rows.Rows, 64, (_, from, to) =>
        {
            for (var row = from; row < to; row++) Apply(rows.Row(row).ToArray()).CopyTo(result.Row(row));
        });
        return result;
    }

    private float[] Apply(float[] row)
    {
        foreach (var (index, (weight, bias)) in Layers.Index())
        {
            var next = new float[weight.Rows];
            for (var unit = 0; unit < next.Length; unit++)
            {
                var sum = TensorPrimitives.Dot<float>(weight.Row(unit), row) + bias[unit];
                next[unit] = index == Layers.Length - 1 || sum > 0 ? sum : MathF.Exp(sum) - 1;
            }
            row = next;
        }
        return row;
    }
}
