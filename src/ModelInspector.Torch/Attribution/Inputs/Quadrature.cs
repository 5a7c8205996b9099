namespace ModelInspector.Attribution.Inputs;

/// <summary>How an integral over the path from the baseline to the input is approximated by a weighted sum at some points.</summary>
public enum Quadrature
{
    /// <summary>Points from end to end, 1/n each, half at the ends: captum's <c>riemann_trapezoid</c>. The weights sum to 1 − 1/n, and so falls short whatever is summed.</summary>
    Trapezoid,

    /// <summary>Exact for polynomials of degree 2n − 1: by far the fewest points where the path crosses few kinks. Its points leave out both ends.</summary>
    GaussLegendre,

    /// <summary>Points from end to end, 1/(n − 1) each, half at the ends: the trapezoid rule of textbooks, whose weights sum to 1.</summary>
    ClosedTrapezoid,

    /// <summary>The left end of each of n equal pieces.</summary>
    RiemannLeft,

    /// <summary>The middle of each of n equal pieces.</summary>
    RiemannMiddle,

    /// <summary>The right end of each of n equal pieces.</summary>
    RiemannRight,
}
