using System.Collections.Immutable;
using ModelInspector.Datasets.Phantom;
using static TorchSharp.torch;

namespace ModelInspector.Samples;

/// <summary>How many images of a marker group a network tells right.</summary>
/// <param name="Marker">The group.</param>
/// <param name="Right">Images whose highest score is the phase's.</param>
/// <param name="Images">Images in the group.</param>
public sealed record PhantomAccuracy(MarkerState Marker, int Right, int Images)
{
    /// <summary>Right among all.</summary>
    public double Share => (double)Right / Images;

    internal static ImmutableArray<PhantomAccuracy> Measure(nn.Module<Tensor, Tensor> net, PhantomPixels pixels, IReadOnlyList<PhantomImage> images)
    {
        var predicted = Predict(net, pixels);
        return [.. images.Index().GroupBy(image => image.Item.MarkerState).OrderBy(group => group.Key).Select(group =>
            new PhantomAccuracy(group.Key, group.Count(image => predicted[image.Index] == (long)image.Item.Phase), group.Count()))];
    }

    private static List<long> Predict(nn.Module<Tensor, Tensor> net, PhantomPixels pixels)
    {
        net.eval();
        using var frozen = no_grad();
        var predicted = new List<long>();
        foreach (var batch in Enumerable.Range(0, pixels.Count).Chunk(50))
        {
            using var scope = NewDisposeScope();
            predicted.AddRange(net.call(pixels.Batch(batch).Input).argmax(1).data<long>().ToArray());
        }
        return predicted;
    }
}
