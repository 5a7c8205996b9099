using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>What every embedding asks of its rows before it starts.</summary>
public static class EmbeddingInput
{
    private const float Smallest = 1e-15f, Largest = 1e15f;

    /// <summary>Refuses fewer rows than <paramref name="fewest"/>, no columns, values that are not finite, and numbers too large or small to be squared.</summary>
    /// <exception cref="InputException">Says what was found and the way out.</exception>
    public static void Check(Matrix data, string method, int fewest)
    {
        if (data.Rows < fewest)
            throw new InputException($"{method} needs at least {fewest} rows; the data have {data.Rows}. Give more samples.");
        if (data.Columns == 0)
            throw new InputException($"{method} needs at least one column; the data have none.");
        var bad = -1;
        for (var row = 0; row < data.Rows && bad < 0; row++)
            if (!float.IsFinite(TensorPrimitives.Sum<float>(data.Row(row)))) bad = NotFinite(data, row);
        if (bad >= 0) throw NotFinite(data, method, bad);
        CheckScale(data, method);
    }

    // Squares of larger numbers overflow in single precision, squares of smaller ones vanish.
    private static void CheckScale(Matrix data, string method)
    {
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(data.Values));
        if (largest > 0 && largest is < Smallest or > Largest)
            throw new InputException($"{method}: the largest value has magnitude {largest:G3}; expected between {Smallest:G3} and {Largest:G3}. Give the data in another unit.");
    }

    /// <summary>Refuses new rows whose columns differ from the fitted ones, or that hold values that are not finite.</summary>
    /// <exception cref="InputException">Says what was found and the way out.</exception>
    public static void CheckNew(Matrix rows, int columns, string method)
    {
        if (rows.Columns != columns)
            throw new InputException($"{method} was fitted on {columns} columns; the new rows have {rows.Columns}. Give rows of the same kind.");
        if (rows.Rows > 0) Check(rows, method, 1);
    }

    // A finite row may overflow its sum: then every value is looked at.
    private static int NotFinite(Matrix data, int row)
    {
        var values = data.Row(row);
        for (var column = 0; column < values.Length; column++)
            if (!float.IsFinite(values[column])) return row * data.Columns + column;
        return -1;
    }

    private static InputException NotFinite(Matrix data, string method, int at)
    {
        var count = data.Values.Count(value => !float.IsFinite(value));
        return new($"{method}: row {at / data.Columns}, column {at % data.Columns} (counted from 0) is {data.Values[at]}; "
            + $"{count} of {data.Values.Length} values are not finite. Expected numbers; remove or fill those rows or columns.");
    }
}
