using System.CommandLine;
using System.CommandLine.Parsing;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Verbs;

/// <summary>How a user names a network: a model file, or a type in a compiled assembly with a file of weights.</summary>
internal sealed class ModelChoice
{
    private readonly Argument<string?> file = new("MODEL") { Description = "Model file: ONNX, TorchScript, or a library (.dll) with a network written in C#.", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> assembly = new("--assembly") { Description = "Library (.dll) with a network written in C#, in place of MODEL. Its code runs in this process." };

    private readonly Option<string?> type = new("--type") { Description = "The network's type in the library: My.Net. Not needed where there is only one." };

    private readonly Option<string?> weights = new("--weights") { Description = "Weights of that network: .safetensors, a PyTorch state dict, or what TorchSharp saved." };

    public void AddTo(Command verb)
    {
        verb.Add(file);
        verb.Add(assembly);
        verb.Add(type);
        verb.Add(weights);
    }

    /// <summary>What the command line names.</summary>
    /// <exception cref="UsageException">It names none, or two.</exception>
    public ModelSource In(ParseResult parsed) => (parsed.GetValue(file), parsed.GetValue(assembly)) switch
    {
        ({ } model, null) when parsed.GetValue(type) is null && parsed.GetValue(weights) is null || IsLibrary(model) => new(model, parsed.GetValue(type), parsed.GetValue(weights)),
        ({ } model, null) => throw new UsageException($"--type and --weights are for a library: {model} brings its own. Leave them out, or give --assembly My.dll in place of it."),
        (null, { } library) when !IsLibrary(library) => throw new UsageException($"--assembly {library} is no library. Expected a .dll; a model file is given as MODEL: `modelinspector {(parsed.CommandResult as CommandResult)?.Command.Name} {library}`."),
        (null, { } library) => new(library, parsed.GetValue(type), parsed.GetValue(weights)),
        (null, null) => throw new UsageException($"Give a model: a file, or --assembly My.dll --type My.Net. Usage: `modelinspector {(parsed.CommandResult as CommandResult)?.Command.Name} --help`."),
        var (model, library) => throw new UsageException($"Two models are given: {model} and --assembly {library}. Leave one out."),
    };

    private static bool IsLibrary(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A network as the command line names it.</summary>
/// <param name="File">Model file or library.</param>
/// <param name="Type">The network's type in a library.</param>
/// <param name="Weights">Weights of a network from a library.</param>
internal sealed record ModelSource(string File, string? Type, string? Weights)
{
    /// <summary>An inspection of it on data.</summary>
    public InspectionRequest On(string data) => new(File, data) { Type = Type, Weights = Weights };

    public override string ToString() => File;
}

/// <summary>Lets verbs treat a model like any other argument.</summary>
internal static class ModelChoices
{
    public static void Add(this Command verb, ModelChoice choice) => choice.AddTo(verb);

    public static ModelSource GetValue(this ParseResult parsed, ModelChoice choice) => choice.In(parsed);
}
