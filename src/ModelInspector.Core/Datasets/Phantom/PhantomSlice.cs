namespace ModelInspector.Datasets.Phantom;

/// <summary>A drawn slice.</summary>
/// <param name="Size">Rows, and columns.</param>
/// <param name="Attenuation">Hounsfield units, row by row.</param>
/// <param name="Causal">
/// The mask: every pixel whose value depends on the phase, because the slice meets an organ there that takes up contrast agent.
/// Outside it, slices of the same patient in different phases are equal to the bit (given the same noise).
/// </param>
public sealed record PhantomSlice(int Size, float[] Attenuation, bool[] Causal);
