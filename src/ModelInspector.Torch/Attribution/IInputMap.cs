using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>An attribution of the input that is a formula on (input, gradient), nothing else: all of them share one forward and one backward.</summary>
public interface IInputMap : IAttribution
{
    /// <summary>Raw, signed attribution.</summary>
    /// <param name="input">(samples, channels, …).</param>
    /// <param name="gradient">∂ score / ∂ input, same shape.</param>
    /// <returns>A tensor of the same shape.</returns>
    Tensor Map(Tensor input, Tensor gradient);
}
