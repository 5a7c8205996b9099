using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Datasets;
using ModelInspector.Images;
using ModelInspector.Models;

namespace ModelInspector.Cli.Verbs;

/// <summary>Arguments and options that several verbs share, so that they are spelt and explained alike.</summary>
internal static class Options
{
    public static ModelChoice Model() => new();

    public static Option<string?> Input() => new("--input") { Description = "Inputs as .npy: (samples, channels, rows, columns), taken as they are." };

    public static Option<string?> Data() => new("--data") { Description = "Folder of images (class = sub-folder), CSV with the columns file,label,… or .npy." };

    public static Option<string?> Masks() => new("--masks") { Description = "Folder of masks with the images' names; white marks what the decision should rest on." };

    public static Option<string?> Labels() => new("--labels") { Description = "CSV with labels and further columns for a folder or .npy: file,label,…" };

    public static Option<string?> Preprocess() => new("--preprocess") { Description = "How an image becomes an input: a JSON file; by default model.json beside the model." };

    public static Option<string> Layers(string description) => new("--layers") { Description = description };

    public static Option<string> Output(string description) => new("--output", "-o") { Description = description, Required = true };

    public static Option<ulong> Seed() => new("--seed") { Description = "Same seed, same bits.", DefaultValueFactory = _ => 0 };

    public static Option<string> Device() => new("--device") { Description = "Where to compute: cpu, cuda, cuda:1.", DefaultValueFactory = _ => "cpu" };

    public static Option<int> Batch() => new("--batch") { Description = "Samples in one run of the network.", DefaultValueFactory = _ => 32 };

    public static Option<string?> InputShape() => new("--input-shape") { Description = "Shape of the input where the file does not tell: 1,3,224,224." };

    /// <summary>The value of an option that has a least one.</summary>
    /// <exception cref="UsageException">It is below that.</exception>
    public static int AtLeast(this ParseResult parsed, Option<int> option, int least, int most = int.MaxValue) =>
        parsed.GetValue(option) is var value && value < least ? throw new UsageException($"{option.Name} {value} is too few. Expected {least} or more.")
        : value > most ? throw new UsageException($"{option.Name} {value} is too many. Expected {most} or fewer.")
        : value;

    /// <summary>One of the names of an enumeration, spelt as everywhere else: lower-case words joined by hyphens.</summary>
    public static Option<T> Choice<T>(string name, string description, T otherwise) where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(value => Catalog.Kebab($"{value}"));
        return new(name)
        {
            Description = $"{description}: {ModelInspector.Names.Or([.. names.Keys])}.",
            DefaultValueFactory = _ => otherwise,
            HelpName = string.Join('|', names.Keys),
            CustomParser = given =>
            {
                if (names.TryGetValue(Catalog.Kebab(given.Tokens[0].Value), out var value)) return value;
                given.AddError($"{name} {given.Tokens[0].Value} is unknown. Expected {ModelInspector.Names.Or([.. names.Keys])}.");
                return otherwise;
            },
        };
    }

    public static Option<string[]> Set() => new("--set")
    {
        Description = "A setting of the method: name=value. May be given several times.",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    /// <summary><c>--set a=b --set c=d</c> as a dictionary.</summary>
    public static IReadOnlyDictionary<string, string> Settings(string[] given)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2) throw new UsageException($"--set {text} is no setting. Expected name=value, as in --set perplexity=30.");
            settings[parts[0].Trim()] = parts[1].Trim();
        }
        return settings;
    }

    /// <summary><c>a, b</c> as names.</summary>
    public static ImmutableArray<string> Names(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <summary><c>1,3,224,224</c> as numbers.</summary>
    public static ImmutableArray<long>? Shape(string? text)
    {
        if (text is null) return null;
        return [.. text.Split(',').Select(part => long.TryParse(part, CultureInfo.InvariantCulture, out var size) && size > 0
            ? size
            : throw new UsageException($"--input-shape {text} is no shape. Expected whole numbers, as in --input-shape 1,3,224,224."))];
    }

    /// <summary>A file that will be written when the work is done: told now if it cannot be.</summary>
    public static string Writable(string path)
    {
        NpyWriter.Create(path, []).Dispose();
        return path;
    }

    /// <summary>The samples of a <c>.npy</c> file, taken as they are.</summary>
    public static SampleReader Array(string path) => new(DataSet.Open(path, DataOptions.None), new Preprocessing(), new OpenCvImageCodec());

    /// <summary>The samples of a data set, prepared for a network.</summary>
    public static SampleReader Samples(string data, DataOptions given, string model, string? preprocess, ModelGraph graph)
    {
        if (Path.GetExtension(data) == ".npy") return new(DataSet.Open(data, given), new Preprocessing(), new OpenCvImageCodec());
        var preprocessing = Preprocessing.For(model, preprocess, graph.Inputs.FirstOrDefault());
        return new(DataSet.Open(data, given with { Classes = preprocessing.Classes }), preprocessing, new OpenCvImageCodec());
    }

    public static IModel Open(ModelSource model, string device, string? inputShape = null) => Open(model, device, Shape(inputShape));

    /// <summary>The network, whose layers' shapes are found by a run where the file does not tell them.</summary>
    public static IModel Open(ModelSource model, string device, SampleReader samples) => Open(model, device, [1, .. samples.Shape.Select(size => (long)size)]);

    private static IModel Open(ModelSource model, string device, ImmutableArray<long>? shape) =>
        Models.Model.Open(model.File, new OpenOptions(device, shape) { Type = model.Type, Weights = model.Weights });
}
