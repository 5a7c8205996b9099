using System.CommandLine;
using ModelInspector.Capture;
using ModelInspector.Cli.Terminal;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>predict</c>: the network's first output for every sample.</summary>
internal static class PredictVerb
{
    public static Command Create()
    {
        var (model, input, output, device, batch) = (Options.Model(), Options.Input(), Options.Output("Where the outputs go: a .npy file."), Options.Device(), Options.Batch());
        input.Required = true;
        var verb = new Command("predict", "Run a network over a .npy file and write its first output, as it is.") { model, input, output, device, batch };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(0, cancel, job =>
            Run(job, parsed.GetValue(model), parsed.GetValue(input)!, parsed.GetValue(output)!, parsed.GetValue(device)!, parsed.GetValue(batch)))));
        return verb;
    }

    private static int Run(Job job, ModelSource model, string input, string output, string device, int batch)
    {
        using var opened = Options.Open(model, device);
        using var samples = Options.Array(input);
        using var quiet = inference_mode();
        using var rows = new RowsFile(output);
        foreach (var (read, tensor) in Batches.For(samples, opened.Graph, batch, device))
        {
            using var outputs = opened.Run(tensor);
            rows.Append(outputs.First);
            job.Report("predict", read.First + read.Samples.Length, samples.Count);
        }
        rows.Complete();
        return 0;
    }
}
