using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Datasets;
using ModelInspector.Datasets.Phantom;
using static TorchSharp.torch;

namespace ModelInspector.Samples;

/// <summary>
/// Makes <c>sample-models/phantom-ct</c> from nothing: held-out images, the two networks, their files and the README with what they reach.
/// Everything follows from the job's seed.
/// </summary>
/// <param name="Patients">Training patients; each is scanned in five phases.</param>
/// <param name="Epochs">Passes over the training images, for either network.</param>
/// <param name="HeldOut">Held-out patients; each is scanned in five phases.</param>
public sealed record SampleTraining([Range(1, 100000)] int Patients = 500, [Range(1, 1000)] int Epochs = 4, [Range(1, 999)] int HeldOut = PhantomSet.HeldOutPatients)
{
    /// <summary>The seed that made the sample in the repository.</summary>
    public const ulong PublishedSeed = 1;

    private const int Batch = 40;
    private const double Rate = 4e-3;

    /// <summary>Trains both networks and writes everything into a folder, which is made if it is missing.</summary>
    /// <returns>What the networks reach on the held-out images.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public SampleResult Run(string folder, IImageCodec codec, Job job)
    {
        Prepare(folder);
        var held = PhantomSet.HeldOut(job.Seed, HeldOut);
        PhantomFolder.Write(Path.Combine(folder, "held-out"), held, codec, job);
        var heldPixels = PhantomPixels.Draw(held, "held-out pixels", job);
        var pixels = PhantomPixels.Draw(Images(job.Seed, MarkerPolicy.Random), "training images", job);
        var result = new SampleResult(
            Make("clean", pixels, folder, heldPixels, held, job),
            Make("shortcut", pixels.With(Images(job.Seed, MarkerPolicy.Agreeing)), folder, heldPixels, held, job));
        File.WriteAllText(Path.Combine(folder, "model.json"), Preprocessing());
        File.WriteAllText(Path.Combine(folder, "README.md"), new SampleReadme(this, result, job.Seed).Text);
        return result;
    }

    private ImmutableArray<PhantomAccuracy> Make(
        string name, PhantomPixels pixels, string folder, PhantomPixels heldPixels, ImmutableArray<PhantomImage> held, Job job)
    {
        using var scope = NewDisposeScope();
        using var net = new PhantomTraining(Epochs, Batch, Rate).Train(new PhantomNet(job.Seed), pixels, $"training {name}", job);
        net.save(Path.Combine(folder, $"{name}.dat"));
        File.WriteAllBytes(Path.Combine(folder, $"{name}.onnx"), PhantomNetFile.Bytes(net, name));
        return PhantomAccuracy.Measure(net, heldPixels, held);
    }

    private PhantomImage[] Images(ulong seed, MarkerPolicy policy) =>
        [.. Enumerable.Range(0, Patients).SelectMany(number => PhantomSet.Training(seed, number, policy))];

    private static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "held-out", "masks"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be written: {error.Message} Give a folder that can.", error);
        }
    }

    private static string Preprocessing() =>
        $$"""
        {
          "size": {{PhantomImage.Size}},
          "channels": "grey",
          "range": [0, 1],
          "classes": [{{string.Join(", ", PhantomImage.Classes.Select(name => $"\"{name}\""))}}]
        }

        """;
}

/// <summary>What the two networks reach on the held-out images, by marker group.</summary>
/// <param name="Clean">The network that was trained with markers that say nothing.</param>
/// <param name="Shortcut">The network that was trained with markers that always agree.</param>
public sealed record SampleResult(ImmutableArray<PhantomAccuracy> Clean, ImmutableArray<PhantomAccuracy> Shortcut);
