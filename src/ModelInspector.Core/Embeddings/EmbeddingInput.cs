using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>What every embedding asks of its rows before it starts.</summary>
public static class EmbeddingInput
{
    private const float SmallestScale = 1e-15f, LargestScale = 1e15f;
    private const int ValuesAtOnce = 1 << 18;

    /// <summary>Refuses fewer rows than <paramref name="fewest"/>, no columns, values that are not finite, and numbers too large or small to be squared.</summary>
    /// <exception cref="InputException">Says what was found and the way out.</exception>
    public static void Check(Matrix data, string method, int fewest) => Check(data, method, fewest, 0);

    // Rows of a part are named by their number in the whole.
    private static void Check(Matrix data, string method, int fewest, long first)
    {
        if (data.Rows < fewest)
            throw new InputException($"{method} needs at least {fewest} rows; the data have {data.Rows}. Give more samples.");
        if (data.Columns == 0)
            throw new InputException($"{method} needs at least one column; the data have none.");
        var largest = Largest(data, out var bad);
        if (bad >= 0) throw NotFinite(data, method, bad, first);
        // Squares of larger numbers overflow in single precision, squares of smaller ones vanish.
        if (largest > 0 && largest is < SmallestScale or > LargestScale)
            throw new InputException($"{method}: the largest value has magnitude {largest:G3}; expected between {SmallestScale:G3} and {LargestScale:G3}. Give the data in another unit.");
    }

    /// <summary>Refuses new rows whose columns differ from the fitted ones, or that hold values that are not finite.</summary>
    /// <param name="rows">The new rows.</param>
    /// <param name="columns">As many as were fitted.</param>
    /// <param name="method">Name for the message.</param>
    /// <param name="first">Number of the first of them, where they are a part of more.</param>
    /// <exception cref="InputException">Says what was found and the way out.</exception>
    public static void CheckNew(Matrix rows, int columns, string method, long first = 0)
    {
        if (rows.Columns != columns)
            throw new InputException($"{method} was fitted on {columns} columns; the new rows have {rows.Columns}. Give rows of the same kind.");
        if (rows.Rows > 0) Check(rows, method, 1, first);
    }

    // The largest magnitude is NaN or infinite when any value is.
    private static float Largest(Matrix data, out int bad)
    {
        var parts = new float[RowParallel.Chunks(data.Values.Length, ValuesAtOnce)];
        RowParallel.Run(data.Values.Length, ValuesAtOnce, (chunk, from, to) => parts[chunk] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(data.Values.AsSpan(from, to - from))));
        var part = Array.FindIndex(parts, value => !float.IsFinite(value));
        bad = part < 0 ? -1 : part * ValuesAtOnce + First(data.Values.AsSpan(part * ValuesAtOnce));
        return parts.Max();
    }

    private static int First(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) return i;
        return -1;
    }

    private static InputException NotFinite(Matrix data, string method, int at, long first)
    {
        var count = data.Values.Count(value => !float.IsFinite(value));
        return new($"{method}: row {first + at / data.Columns}, column {at % data.Columns} (counted from 0) is {data.Values[at]}; "
            + $"{count} of {data.Values.Length} values{(first > 0 ? " around it" : "")} are not finite. Expected numbers; remove or fill those rows or columns.");
    }
}
