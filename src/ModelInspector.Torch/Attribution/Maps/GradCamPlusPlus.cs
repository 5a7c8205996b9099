using System.ComponentModel;
using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ModelInspector.Attribution.Maps;

/// <summary>Channels weighted by their positive gradients with second-order factors, summed.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w_k = Σ_p α_k(p) ReLU(g_k(p)), α = g² / (2 g² + (Σ_p A_k) g³ + 1e-6). Result: (samples, positions…), no unit.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Chattopadhyay et al., Grad-CAM++, WACV 2018, eq. 19.
/// Misleads: the derivation assumes an exponential score; in practice it is close to Grad-CAM with positive weights only.
/// </remarks>
[Method("grad-cam-plus-plus", "Chattopadhyay et al., Grad-CAM++, WACV 2018, eq. 19", Summary = "Channels weighted by their positive gradients with second-order factors, summed.")]
public sealed record GradCamPlusPlus([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ISummedMap
{
    ChannelSum ISummedMap.Adds => PairSums.Channels<SecondOrder>;

    bool ISummedMap.Clips => Variant == Sign.Relu;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => PairSums.Of(activation, gradient, this);

    private readonly struct SecondOrder : IChannelWeight
    {
        public static float Of(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation)
        {
            var (total, sum) = (TensorPrimitives.Sum(activation), Vector<float>.Zero);
            var vectors = MemoryMarshal.Cast<float, Vector<float>>(gradient);
            foreach (var g in vectors) sum += Term(g, total);
            var rest = 0f;
            foreach (var g in gradient[(vectors.Length * Vector<float>.Count)..]) rest += Term(new Vector<float>(g), total)[0];
            return Vector.Sum(sum) + rest;
        }

        // Where the gradient is not positive the term is zero, whatever its factor.
        private static Vector<float> Term(Vector<float> gradient, float total)
        {
            var (g, square) = (Vector.Max(gradient, Vector<float>.Zero), gradient * gradient);
            return square * g / (2 * square + total * square * g + new Vector<float>(1e-6f));
        }
    }
}
