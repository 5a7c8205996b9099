using ModelInspector.Datasets.Phantom;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Samples;

/// <summary>Phantom images drawn once, without markers, and dealt out in batches with them.</summary>
internal sealed class PhantomPixels
{
    private const int Pixels = PhantomImage.Size * PhantomImage.Size;
    private readonly byte[][] bare;
    private readonly IReadOnlyList<PhantomImage> images;

    private PhantomPixels(byte[][] bare, IReadOnlyList<PhantomImage> images) => (this.bare, this.images) = (bare, images);

    public int Count => images.Count;

    /// <summary>Draws images; those of one patient must lie together.</summary>
    public static PhantomPixels Draw(IReadOnlyList<PhantomImage> images, string stage, Job job)
    {
        var patients = images.GroupBy(image => image.Patient).Select(group => group.ToArray()).ToArray();
        var drawn = new byte[patients.Length][][];
        var done = 0;
        RowParallel.Run(patients.Length, 1, (_, patient, _) =>
        {
            var abdomen = new Abdomen(patients[patient][0].Patient, PhantomImage.Size);
            drawn[patient] = [.. patients[patient].Select(image => (image with { Marker = null }).Draw(abdomen))];
            job.Report(stage, Interlocked.Increment(ref done), patients.Length);
        }, job.Cancel);
        return new PhantomPixels([.. drawn.SelectMany(slices => slices)], images);
    }

    /// <summary>The same slices with other markers.</summary>
    public PhantomPixels With(IReadOnlyList<PhantomImage> marked) => new(bare, marked) { Burn = Burn };

    /// <summary>The same slices with markers that look otherwise.</summary>
    public PhantomPixels Burnt(Burning burn) => new(bare, images) { Burn = burn };

    private Burning Burn { get; init; } = (grey, phase) => Marker.Burn(grey, PhantomImage.Size, phase);

    /// <summary>Grey values from 0 to 1 (N, 1, 128, 128) and classes (N) of the images given.</summary>
    public (Tensor Input, Tensor Classes) Batch(ReadOnlySpan<int> indices)
    {
        var grey = new byte[indices.Length * Pixels];
        var classes = new long[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            var slice = grey.AsSpan(i * Pixels, Pixels);
            bare[indices[i]].CopyTo(slice);
            if (images[indices[i]].Marker is { } named) Burn(slice, named);
            classes[i] = (long)images[indices[i]].Phase;
        }
        return (tensor(grey).reshape(indices.Length, 1, PhantomImage.Size, PhantomImage.Size).to(ScalarType.Float32).div(byte.MaxValue), tensor(classes));
    }
}

/// <summary>Burns what names a phase into an 8-bit grey image, in place.</summary>
internal delegate void Burning(Span<byte> grey, ContrastPhase phase);
