using System.Globalization;
using ModelInspector.Datasets.Phantom;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;
using ModelInspector.Samples;
using static TorchSharp.torch;

namespace ModelInspector.Studies;

/// <summary>A network of a study.</summary>
/// <param name="Architecture">How it is built.</param>
/// <param name="Seed">Of its weights at the start and of the order of its images.</param>
/// <param name="File">Its ONNX file.</param>
/// <param name="Accuracy">Share of the held-out images it tells right.</param>
internal sealed record TrainedNetwork(Architecture Architecture, ulong Seed, string File, double Accuracy)
{
    /// <summary>Opens it.</summary>
    public IDifferentiableModel Open() => (IDifferentiableModel)new OnnxLoader().Open(File, new OpenOptions());
}

/// <summary>Trains a study's networks on phantom images, each in its own folder; one that is there already, of the same settings, is taken as it is.</summary>
/// <param name="Patients">Training patients, the same for every network; each is scanned in five phases.</param>
/// <param name="Epochs">Passes over the images.</param>
/// <param name="DataSeed">Of the patients.</param>
internal sealed record StudyTraining(int Patients, int Epochs, ulong DataSeed)
{
    private const int Batch = 20;
    private const double Rate = 5e-3;
    private (int Patients, ulong Seed, PhantomPixels Pixels)? drawn; // and of which patients: a copy of this record may ask for others

    /// <summary>Share of the learning rate by which weights shrink at each step.</summary>
    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>The network of an architecture and seed.</summary>
    /// <param name="folder">Where the study keeps its networks.</param>
    /// <param name="architecture">How it is built.</param>
    /// <param name="seed">Of the network.</param>
    /// <param name="shuffled">Whether the labels of the training images are shuffled, so that there is nothing to learn.</param>
    /// <param name="held">What it is measured on.</param>
    /// <param name="job">Progress, cancellation.</param>
    public TrainedNetwork Network(string folder, Architecture architecture, ulong seed, bool shuffled, HeldOutCases held, Job job)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Catalog.Kebab(architecture.ToString())}-{seed}{(shuffled ? "-shuffled" : "")}");
        return Network(folder, name, architecture, seed, () => Pixels(shuffled, seed, job), held, job);
    }

    /// <summary>A network whose training images carry marks, whose meaning follows from a policy.</summary>
    public TrainedNetwork Marked(string folder, string name, ulong seed, MarkerPolicy policy, Burning burn, HeldOutCases held, Job job) => Network(
        folder, name, Architecture.PooledHead, seed,
        () => Drawn(job).With([.. Enumerable.Range(0, Patients).SelectMany(number => PhantomSet.Training(DataSeed, number, policy))]).Burnt(burn), held, job);

    private TrainedNetwork Network(string folder, string name, Architecture architecture, ulong seed, Func<PhantomPixels> pixels, HeldOutCases held, Job job)
    {
        var settings = string.Create(CultureInfo.InvariantCulture, $"{name}: {Patients} patients of seed {DataSeed}, {Epochs} epochs, batches of {Batch}, rate {Rate}, weight decay {WeightDecay}");
        var (file, note) = (Path.Combine(folder, name, "network.onnx"), Path.Combine(folder, name, "network.txt"));
        if (File.Exists(file) && File.Exists(note) && File.ReadAllLines(note) is [var known, var accuracy, .. var images] && known == settings)
        {
            var trained = new TrainedNetwork(architecture, seed, file, double.Parse(accuracy, CultureInfo.InvariantCulture));
            return images is [var told] && told == held.Sha256 ? trained : Noted(trained with { Accuracy = Accuracy(trained, held) }, note, settings, held);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // A kill must not leave the note of one network beside another.
        File.Delete(note);
        using var scope = NewDisposeScope();
        using var net = new PhantomTraining(Epochs, Batch, Rate, WeightDecay).Train(new StudyNet(architecture, seed), pixels(), $"training {name}", job with { Seed = seed });
        var reached = Accuracy(net.call, held);
        File.WriteAllBytes(file, StudyNetFile.Bytes(net));
        return Noted(new(architecture, seed, file, reached), note, settings, held);
    }

    private static TrainedNetwork Noted(TrainedNetwork network, string note, string settings, HeldOutCases held)
    {
        File.WriteAllLines(note, [settings, network.Accuracy.ToString("R", CultureInfo.InvariantCulture), held.Sha256]);
        return network;
    }

    private static double Accuracy(TrainedNetwork network, HeldOutCases held)
    {
        using var model = network.Open();
        return Accuracy(input => model.Run(input).First, held);
    }

    private PhantomImage[] Images() => [.. Enumerable.Range(0, Patients).SelectMany(number => PhantomSet.Training(DataSeed, number, MarkerPolicy.Random))];

    private PhantomPixels Drawn(Job job)
    {
        if (drawn is not { } known || (known.Patients, known.Seed) != (Patients, DataSeed)) drawn = known = (Patients, DataSeed, PhantomPixels.Draw(Images(), "training images", job));
        return known.Pixels;
    }

    private PhantomPixels Pixels(bool shuffled, ulong seed, Job job)
    {
        if (!shuffled) return Drawn(job);
        var images = Images();
        var order = new Randomness(seed, 0x5AFF).Choose(images.Length, images.Length);
        return Drawn(job).With([.. images.Select((image, i) => image with { Phase = images[order[i]].Phase })]);
    }

    private static double Accuracy(Func<Tensor, Tensor> scores, HeldOutCases held)
    {
        using var quiet = no_grad();
        var right = 0;
        for (var first = 0; first < held.Count; first += 25)
        {
            using var scope = NewDisposeScope();
            var predicted = scores(Capture.Batches.ToTensor(held.Batch(first, Math.Min(25, held.Count - first)))).argmax(1).data<long>().ToArray();
            right += predicted.Index().Count(image => image.Item == (long)held.Images[first + image.Index].Phase);
        }
        return (double)right / held.Count;
    }
}
