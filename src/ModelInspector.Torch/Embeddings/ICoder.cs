using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>A trained network in two halves, as plain numbers.</summary>
internal interface ICoder
{
    /// <summary>Codes of standardised rows.</summary>
    Matrix Encode(Matrix rows);

    /// <summary>Standardised rows of codes.</summary>
    Matrix Decode(Matrix codes);

    /// <summary>The state with the weights in it.</summary>
    FittedState Into(FittedState state);
}
