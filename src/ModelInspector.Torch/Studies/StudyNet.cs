using ModelInspector.Datasets.Phantom;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Studies;

/// <summary>How a study's network is built.</summary>
public enum Architecture
{
    /// <summary>The mean over all positions feeds the last layer: there SAM and Grad-CAM are the same.</summary>
    PooledHead,

    /// <summary>Every cell of a coarse grid feeds the last layer on its own.</summary>
    FlattenHead,

    /// <summary>As <see cref="PooledHead"/>, with connections around every second convolution.</summary>
    Residual,
}

/// <summary>
/// A small network of a study: the image averaged to half its size, three stages of two 3×3 convolutions with batch normalisation, max pooling between
/// them, and a linear layer.
/// </summary>
/// <remarks>Input (N, 1, 128, 128) of grey values from 0 to 1; output (N, 5) scores before soft-max.</remarks>
internal sealed class StudyNet : nn.Module<Tensor, Tensor>
{
    /// <summary>Cells of the coarse grid of <see cref="Architecture.FlattenHead"/>, along either axis.</summary>
    public const int Cells = 8;

    /// <summary>Side of the squares that the input is averaged over.</summary>
    public const int Shrink = 2;

    private static readonly int[] Widths = [8, 16, 32];

    // The names of the fields are the names of the layers in every file.
    private readonly Stage stage1 = new(1, Widths[0]);
    private readonly Stage stage2 = new(Widths[0], Widths[1]);
    private readonly Stage stage3 = new(Widths[1], Widths[2]);
    private readonly Linear classifier;

    /// <summary>A network whose weights follow from a seed.</summary>
    public StudyNet(Architecture architecture, ulong seed) : base(nameof(StudyNet))
    {
        Architecture = architecture;
        classifier = nn.Linear(architecture == Architecture.FlattenHead ? Widths[^1] * Cells * Cells : Widths[^1], PhantomImage.Classes.Count);
        RegisterComponents();
        Training.SeededWeights.Fill(this, seed);
    }

    public Architecture Architecture { get; }

    public IEnumerable<(string Name, Stage Stage)> Stages => [("stage1", stage1), ("stage2", stage2), ("stage3", stage3)];

    public Linear Classifier => classifier;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = nn.functional.avg_pool2d(input, Shrink); // (N, 1, 64, 64)
        foreach (var (_, stage) in Stages)
        {
            if (stage != stage1) maps = nn.functional.max_pool2d(maps, 2);
            maps = stage.Run(maps, Architecture == Architecture.Residual);
        }
        var flat = Architecture == Architecture.FlattenHead
            ? nn.functional.avg_pool2d(maps, maps.shape[^1] / Cells).flatten(1) // (N, 32 · 8 · 8)
            : maps.mean([2, 3]);                                               // (N, 32)
        return classifier.call(flat).MoveToOuterDisposeScope();
    }

    /// <summary>Two convolutions, each with normalisation and ReLU; with a residual connection around the second.</summary>
    internal sealed class Stage : nn.Module
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d norm1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d norm2;

        public Stage(int from, int to) : base(nameof(Stage))
        {
            (conv1, norm1) = (nn.Conv2d(from, to, 3, padding: 1, bias: false), nn.BatchNorm2d(to));
            (conv2, norm2) = (nn.Conv2d(to, to, 3, padding: 1, bias: false), nn.BatchNorm2d(to));
            RegisterComponents();
        }

        public (Conv2d Convolution, BatchNorm2d Norm)[] Halves => [(conv1, norm1), (conv2, norm2)];

        public Tensor Run(Tensor input, bool residual)
        {
            var half = norm1.call(conv1.call(input)).relu();
            var whole = norm2.call(conv2.call(half));
            return (residual ? whole + half : whole).relu();
        }
    }
}
