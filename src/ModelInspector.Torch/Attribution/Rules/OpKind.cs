namespace ModelInspector.Attribution.Rules;

/// <summary>What an operation does, as far as rules tell operations apart.</summary>
internal enum OpKind
{
    /// <summary>None of the following.</summary>
    Other,

    /// <summary>Moves values about without computing: reshape, concatenation, slice.</summary>
    Moves,

    /// <summary>Sums weighted by trained weights: convolution, linear.</summary>
    Weighted,

    /// <summary>Any other map that is linear but for a constant: sums, means, batch norm, average pools, resizing.</summary>
    Affine,

    /// <summary>A function of each value alone: an activation.</summary>
    Elementwise,

    /// <summary>A product of two values that both come from the input: gates, attention.</summary>
    Product,

    /// <summary>A quotient of two values that both come from the input: a normalisation written out.</summary>
    Quotient,

    /// <summary>The largest of several values.</summary>
    Maximum,

    /// <summary>Normalisation of each sample by its own mean and deviation.</summary>
    Normalisation,
}
