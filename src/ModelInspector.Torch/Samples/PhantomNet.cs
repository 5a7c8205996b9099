using ModelInspector.Datasets.Phantom;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Samples;

/// <summary>
/// The sample's network: four stages of two 3×3 convolutions with batch normalisation, max pooling between them, then the mean over all
/// positions and one linear layer. Small enough to train in minutes, deep enough that depth matters.
/// </summary>
/// <remarks>Input (N, 1, 128, 128) of grey values from 0 to 1; output (N, 5) scores before soft-max.</remarks>
public sealed class PhantomNet : nn.Module<Tensor, Tensor>
{
    private static readonly int[] Widths = [8, 16, 32, 64];

    // The names of the fields are the names of the layers in every file.
    private readonly Sequential features;
    private readonly Linear classifier;

    /// <summary>A network whose weights follow from a seed.</summary>
    public PhantomNet(ulong seed) : base(nameof(PhantomNet))
    {
        features = nn.Sequential([.. Stages().SelectMany(stage => stage)]);
        classifier = nn.Linear(Widths[^1], PhantomImage.Classes.Count);
        RegisterComponents();
        Training.SeededWeights.Fill(this, seed);
    }

    /// <summary>The layers before the pooling over all positions, in order.</summary>
    internal IEnumerable<(string Name, nn.Module Layer)> Features => features.named_children();

    /// <summary>The last layer.</summary>
    internal Linear Classifier => classifier;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = features.call(input);              // (N, 64, 16, 16)
        var pooled = maps.mean([2, 3]);               // (N, 64)
        return classifier.call(pooled).MoveToOuterDisposeScope();
    }

    private static IEnumerable<IEnumerable<nn.Module<Tensor, Tensor>>> Stages() =>
        Widths.Select((width, stage) => Stage(stage == 0 ? 1 : Widths[stage - 1], width, last: stage == Widths.Length - 1));

    private static IEnumerable<nn.Module<Tensor, Tensor>> Stage(int before, int width, bool last)
    {
        foreach (var from in (int[])[before, width])
        {
            yield return nn.Conv2d(from, width, 3, padding: 1, bias: false);
            yield return nn.BatchNorm2d(width);
            yield return nn.ReLU();
        }
        if (!last) yield return nn.MaxPool2d(2);
    }
}
