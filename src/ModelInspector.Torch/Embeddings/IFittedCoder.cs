using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>A fitted embedding that can also go back: from codes to rows as they looked.</summary>
public interface IFittedCoder : IFittedEmbedding
{
    /// <summary>Numbers that a row is squeezed into.</summary>
    int Codes { get; }

    /// <summary>The codes of rows: rows × codes.</summary>
    /// <exception cref="InputException">The columns do not match, or a value is not finite.</exception>
    Matrix Encode(Matrix rows);

    /// <summary>Rows restored from codes, in the unit of the fitted rows.</summary>
    /// <exception cref="InputException">There are more or fewer codes a row, or a value is not finite.</exception>
    Matrix Decode(Matrix codes);
}
