namespace ModelInspector.Attribution.Rules;

/// <summary>Which rule of layer-wise relevance propagation which layer gets. "First" layers are those that no other weighted layer feeds.</summary>
public enum Composite
{
    /// <summary>z⁺ for convolutions, ε for linear layers.</summary>
    EpsilonPlus,

    /// <summary>z⁺ for convolutions, ε for linear layers, flat for the first layer.</summary>
    EpsilonPlusFlat,

    /// <summary>γ for convolutions, ε for linear layers, zᴮ for the first layer.</summary>
    EpsilonGammaBox,

    /// <summary>α = 2, β = 1 for convolutions, ε for linear layers.</summary>
    Alpha2Beta1,

    /// <summary>α = 2, β = 1 for convolutions, ε for linear layers, flat for the first layer.</summary>
    Alpha2Beta1Flat,

    /// <summary>ε everywhere.</summary>
    Epsilon,

    /// <summary>The rule 0 everywhere: ε as small as rounding allows. In a network of ReLUs without constants it is input × gradient.</summary>
    Zero,

    /// <summary>γ everywhere.</summary>
    Gamma,

    /// <summary>z⁺ everywhere.</summary>
    ZPlus,

    /// <summary>zᴮ for the first layer, z⁺ for the others: deep Taylor decomposition.</summary>
    Box,

    /// <summary>w² for the first layer, z⁺ for the others.</summary>
    WSquare,

    /// <summary>Flat for the first layer, z⁺ for the others.</summary>
    Flat,
}
