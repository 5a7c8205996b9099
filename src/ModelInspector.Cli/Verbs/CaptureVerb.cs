using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Capture;
using ModelInspector.Cli.Terminal;
using ModelInspector.Datasets;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>capture</c>: what chosen layers give for every sample, one <c>.npy</c> a layer.</summary>
internal static class CaptureVerb
{
    public static Command Create()
    {
        var (model, input, data, preprocess, device, batch) = (Options.Model(), Options.Input(), Options.Data(), Options.Preprocess(), Options.Device(), Options.Batch());
        var layers = Options.Layers("Layers to capture: names or globs with commas.");
        layers.Required = true;
        var pool = Options.Choice("--pool", "What to keep of the positions", Pooling.None);
        var output = Options.Output("Folder for the .npy files.");
        var verb = new Command("capture", "Write the activations of chosen layers: one .npy a layer; goes on where it was interrupted.")
        {
            model, input, data, layers, pool, preprocess, output, device, batch,
        };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(0, cancel, job =>
        {
            var file = parsed.GetValue(model);
            using var array = Array(parsed.GetValue(input), parsed.GetValue(data));
            using var opened = array is null ? Options.Open(file, parsed.GetValue(device)!) : Options.Open(file, parsed.GetValue(device)!, array);
            using var images = array is null ? Options.Samples(parsed.GetValue(data)!, DataOptions.None, file.File, parsed.GetValue(preprocess), opened.Graph) : null;
            ActivationCapture.Run(opened, array ?? images!, opened.Graph.Select(parsed.GetValue(layers)!), parsed.GetValue(pool), parsed.GetValue(output)!, parsed.GetValue(batch), job);
            return 0;
        })));
        return verb;
    }

    private static SampleReader? Array(string? input, string? data) => (input, data) switch
    {
        (not null, null) => Options.Array(input),
        (null, not null) => null,
        _ => throw new UsageException("Give the samples as --input X.npy or as --data DIR|CSV, one of the two."),
    };
}
