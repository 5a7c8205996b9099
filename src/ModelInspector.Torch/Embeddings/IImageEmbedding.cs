using System.Collections.Immutable;

namespace ModelInspector.Embeddings;

/// <summary>An embedding of images, which must know how a row is one.</summary>
public interface IImageEmbedding
{
    /// <summary>The same for rows of this shape.</summary>
    /// <param name="shape">(channels, height, width), or (height, width).</param>
    /// <exception cref="InputException">The shape is none of an image.</exception>
    IEmbedding For(ImmutableArray<int> shape);
}
