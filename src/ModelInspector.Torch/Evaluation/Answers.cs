using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>What a network says of one version of an image.</summary>
/// <param name="Score">What is explained, before soft-max.</param>
/// <param name="Probability">The same after soft-max.</param>
/// <param name="Chosen">Whether nothing has a higher score: the network gives this class.</param>
internal readonly record struct Answer(double Score, double Probability, bool Chosen);

/// <summary>Asks a network about versions of one image.</summary>
/// <param name="Model">The network.</param>
/// <param name="Target">What is explained, for one sample; it must not depend on the answer.</param>
/// <param name="Batch">Versions in one run.</param>
/// <param name="Device">Where to compute.</param>
internal sealed record Answers(IModel Model, Target Target, int Batch, string Device = "cpu")
{
    /// <summary>Refuses a network without probabilities.</summary>
    public static void Require(IModel model, Tensor scores)
    {
        if (scores.Dimensions != 2 || scores.shape[1] < 2) throw new InputException(
            $"{model.Graph.Name} gives scores of shape ({string.Join(", ", scores.shape)}). Faithfulness needs probabilities of at least two classes; leave it out.");
    }

    /// <summary>One answer an image, in order.</summary>
    public ImmutableArray<Answer> To(IReadOnlyList<NdArray> images) => [.. images.Chunk(Model.Graph.BatchOf(Batch)).SelectMany(Run)];

    private List<Answer> Run(NdArray[] images)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var scores = Scores.Of(Model, Stacked(images));
        Require(Model, scores);
        var target = Target.Repeated((int)scores.shape[0]);
        return [.. Floats(target.Of(scores)).Zip(Floats(target.Of(scores.softmax(1))), Floats(scores.max(1).values))
            .Select(answer => new Answer(answer.First, answer.Second, answer.First >= answer.Third)).Take(images.Length)];
    }

    /// <summary>Arrays of one shape as one tensor; a network of a fixed batch is given the last one again until the batch is full.</summary>
    public Tensor Stacked(IReadOnlyList<NdArray> images)
    {
        NdArray[] filled = [.. images, .. Enumerable.Repeat(images[^1], Math.Max(0, (Model.Graph.FixedBatch ?? 0) - images.Count))];
        return Batches.ToTensor(new NdArray([filled.Length, .. images[0].Shape], [.. filled.SelectMany(image => image.Values)]), Device);
    }

    private static float[] Floats(Tensor values) => Batches.ToArray(values).Values;
}
