using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>How the relevance of a weighted layer's output is shared out among its inputs.</summary>
internal interface ILinearRule
{
    /// <summary>Relevance of the inputs.</summary>
    /// <param name="layer">The layer, with its input and its weights.</param>
    /// <param name="relevance">Relevance of its output.</param>
    Tensor Share(Weighted layer, Tensor relevance);
}
