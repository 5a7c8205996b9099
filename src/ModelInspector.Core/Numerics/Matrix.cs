namespace ModelInspector.Numerics;

/// <summary>Rows × columns of float32, row-major.</summary>
public sealed class Matrix
{
    /// <summary>A matrix over <paramref name="values"/>, which is not copied.</summary>
    /// <exception cref="ArgumentException">The length is not rows × columns.</exception>
    public Matrix(int rows, int columns, float[] values)
    {
        if (values.Length != (long)rows * columns)
            throw new ArgumentException($"{values.Length} values do not make {rows} rows × {columns} columns.", nameof(values));
        (Rows, Columns, Values) = (rows, columns, values);
    }

    /// <summary>A matrix of zeros.</summary>
    public Matrix(int rows, int columns) : this(rows, columns, new float[checked(rows * columns)])
    {
    }

    /// <summary>Number of samples.</summary>
    public int Rows { get; }

    /// <summary>Number of features.</summary>
    public int Columns { get; }

    /// <summary>Row-major storage.</summary>
    public float[] Values { get; }

    /// <summary>One value.</summary>
    public float this[int row, int column]
    {
        get => Values[row * Columns + column];
        set => Values[row * Columns + column] = value;
    }

    /// <summary>One row, writable.</summary>
    public Span<float> Row(int row) => Values.AsSpan(row * Columns, Columns);

    /// <summary>The rows named, in that order, as a new matrix.</summary>
    public Matrix Select(ReadOnlySpan<int> rows)
    {
        var selected = new Matrix(rows.Length, Columns);
        for (var i = 0; i < rows.Length; i++) Row(rows[i]).CopyTo(selected.Row(i));
        return selected;
    }

    /// <summary>Undoes <see cref="Select"/> of all rows: row i goes to the place <paramref name="rows"/>[i].</summary>
    public Matrix Unselect(ReadOnlySpan<int> rows)
    {
        var placed = new Matrix(rows.Length, Columns);
        for (var i = 0; i < rows.Length; i++) Row(i).CopyTo(placed.Row(rows[i]));
        return placed;
    }
}
