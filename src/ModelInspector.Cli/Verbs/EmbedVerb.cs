using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Cli.Terminal;
using ModelInspector.Embeddings;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>embed</c>: rows of many columns to rows of few.</summary>
internal static class EmbedVerb
{
    public static Command Create()
    {
        var input = new Argument<string>("X.npy") { Description = "Samples as rows; further axes are flattened." };
        var method = new Option<string>("--method") { Description = "Name of an embedding: pca, t-sne, … (`modelinspector methods`).", Required = true };
        var (set, seed, output) = (Options.Set(), Options.Seed(), Options.Output("Where the points go: a .npy file."));
        var verb = new Command("embed", "Embed the rows of an array.") { input, method, set, seed, output };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(parsed.GetValue(seed), cancel, job =>
            Run(job, parsed.GetValue(input)!, parsed.GetValue(method)!, Options.Settings(parsed.GetValue(set)!), parsed.GetValue(output)!))));
        return verb;
    }

    private static int Run(Job job, string input, string method, IReadOnlyDictionary<string, string> settings, string output)
    {
        var embedding = Catalog.Find(Methods.Embeddings, method).Create<IEmbedding>(settings);
        var projection = embedding.Embed(Npy.ReadMatrix(input), job);
        Npy.Write(output, projection.Points);
        foreach (var (name, value) in projection.Figures) System.Console.WriteLine(FormattableString.Invariant($"{name}: {value:G5}"));
        foreach (var warning in projection.Warnings) System.Console.WriteLine($"Note: {warning}");
        return 0;
    }
}
