using System.CommandLine;
using ModelInspector.Cli.Terminal;
using ModelInspector.Images;
using ModelInspector.Samples;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>sample</c>: where the sample is, and how to make it again.</summary>
internal static class SampleVerb
{
    private const string Name = "phantom-ct";

    public static Command Create()
    {
        var verb = new Command("sample", "The sample that ships with the program: print its folder, or train its models again.") { Train() };
        verb.SetAction(_ => System.Console.WriteLine(Folder()));
        return verb;
    }

    /// <summary>The folder of the sample: beside the program or above it.</summary>
    /// <exception cref="InputException">It is nowhere there.</exception>
    public static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "sample-models", Name) is var found && File.Exists(Path.Combine(found, "clean.onnx")))
                return Path.GetRelativePath(Directory.GetCurrentDirectory(), found);
        throw new InputException($"The sample sample-models/{Name} is not beside the program or in a folder above it. Make it: `modelinspector sample train -o sample-models/{Name}`.");
    }

    private static Command Train()
    {
        var output = Options.Output("Folder for the models, the held-out images and the README.");
        var (seed, given) = (Options.Seed(), new SampleTraining());
        seed.DefaultValueFactory = _ => SampleTraining.PublishedSeed;
        var patients = new Option<int>("--patients") { Description = "Phantom patients to train on.", DefaultValueFactory = _ => given.Patients };
        var epochs = new Option<int>("--epochs") { Description = "Passes over the training images.", DefaultValueFactory = _ => given.Epochs };
        var verb = new Command("train", "Draw the phantoms and train both models again: minutes, and the same bits for the same seed.") { output, seed, patients, epochs };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(
            new SampleTraining(parsed.GetValue(patients), parsed.GetValue(epochs)), parsed.GetValue(output)!, parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static int Run(SampleTraining training, string folder, ulong seed, CancellationToken cancel)
    {
        var result = Work.Run(seed, cancel, job => training.Run(folder, new OpenCvImageCodec(), job));
        System.Console.WriteLine($"{"marker",-12} {"clean",8} {"shortcut",10}");
        foreach (var (clean, shortcut) in result.Clean.Zip(result.Shortcut))
            System.Console.WriteLine(FormattableString.Invariant($"{Catalog.Kebab(clean.Marker.ToString()),-12} {clean.Share,8:P1} {shortcut.Share,10:P1}   ({clean.Images} images)"));
        System.Console.WriteLine($"Written to {folder}.");
        return 0;
    }
}
