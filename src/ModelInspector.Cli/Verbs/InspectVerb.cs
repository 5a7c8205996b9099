using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Cli.Terminal;
using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Report;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>inspect</c>: the whole path, from a model and images to a report.</summary>
internal static class InspectVerb
{
    // The rest is in the report.
    private const int Shown = 3;

    public static Command Create()
    {
        var (model, data, masks, preprocess, seed, device, batch) =
            (Options.Model(), Options.Data(), Options.Masks(), Options.Preprocess(), Options.Seed(), Options.Device(), Options.Batch());
        data.Required = true;
        var labels = Options.Labels();
        var layers = Options.Layers("Layers to look at: names or globs with commas; by default at most eight, from the first to the last with positions.");
        var examples = new Option<int>("--examples") { Description = "Samples shown at display size with their maps.", DefaultValueFactory = _ => 48 };
        var pool = Options.Choice("--pool", "What embeddings see of a layer's positions, none for all of them reduced by PCA", Pooling.Mean);
        var embeddings = new Option<string>("--embeddings") { Description = "Maps of each layer, with commas; autoencoders are made of the last layer only.", DefaultValueFactory = _ => "pca,t-sne,autoencoder" };
        var cards = new Option<int>("--unit-cards") { Description = "Units of each layer shown with the samples that drive them most; 0 for none, which saves time.", DefaultValueFactory = _ => 24 };
        var coder = new Option<bool>("--image-coder") { Description = "Train an autoencoder on the images themselves, and draw what it restores and what each of its codes does." };
        var split = ReportVerb.Folder();
        var output = Options.Output("Folder for the report, findings and arrays.");
        var verb = new Command("inspect", "Inspect a model on images and write an interactive report.")
        {
            model, data, masks, labels, preprocess, layers, examples, pool, embeddings, cards, coder, split, output, seed, device, batch,
        };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(
            parsed.GetValue(model).On(parsed.GetValue(data)!) with
            {
                Masks = parsed.GetValue(masks),
                Labels = parsed.GetValue(labels),
                Preprocess = parsed.GetValue(preprocess),
                Layers = parsed.GetValue(layers),
                Examples = parsed.GetValue(examples),
                Pooling = parsed.GetValue(pool),
                ImageCoder = parsed.GetValue(coder),
                Embeddings = [.. Names(parsed.GetValue(embeddings)!).Where(name => !Trained(name))],
                LastLayerEmbeddings = [.. Names(parsed.GetValue(embeddings)!).Where(Trained)],
                UnitCards = parsed.GetValue(cards),
                Device = parsed.GetValue(device)!,
                Batch = parsed.GetValue(batch),
                Command = Shell.Command(),
            },
            parsed.GetValue(output)!, parsed.GetValue(split), parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static IEnumerable<string> Names(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => Catalog.Find(Methods.Embeddings, name).Name);

    // What trains a network of its own takes too long for every layer.
    private static bool Trained(string name) => name == "autoencoder";

    /// <summary>Inspects, writes the report, and prints the verdict.</summary>
    public static int Run(InspectionRequest request, string folder, bool split, ulong seed, CancellationToken cancel)
    {
        var run = new RunDirectory(folder);
        var (findings, page) = Work.Run(seed, cancel, job => (Inspection.Inspection.Run(request, run, job), ReportVerb.Write(run, null, new ReportOptions { Folder = split }, job)));
        Print(findings, page);
        return 0;
    }

    private static void Print(IEnumerable<Finding> findings, string page)
    {
        foreach (var verdict in findings.OfType<Verdict>())
        {
            System.Console.WriteLine($"{Symbol(verdict.State)} {verdict.Title}");
            foreach (var sentence in verdict.Sentences.Take(Shown)) System.Console.WriteLine($"  {sentence}");
        }
        foreach (var depth in findings.OfType<SpecificityByDepth>())
            foreach (var sentence in depth.Sentences.Take(Shown)) System.Console.WriteLine($"  {sentence}");
        foreach (var separability in findings.OfType<SeparabilityByDepth>())
            foreach (var sentence in separability.Sentences.Take(Shown)) System.Console.WriteLine($"  {sentence}");
        System.Console.WriteLine($"Report: {page}");
    }

    private static string Symbol(VerdictState state) => state switch
    {
        VerdictState.ShortcutFound => "■",
        VerdictState.Suspicious => "▲",
        VerdictState.NoneFound => "●",
        _ => "?",
    };
}
