using System.CommandLine;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>demo</c>: inspects the two models of the sample, one honest and one that cheats.</summary>
internal static class DemoVerb
{
    private static readonly (string Model, string Story)[] Models =
    [
        ("clean", "trained on phantoms without a marker: it should look at the organs"),
        ("shortcut", "trained where a burned-in corner marker gave the phase away: it should look at the marker"),
    ];

    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "Folder for the two reports.", DefaultValueFactory = _ => Path.Combine("reports", "demo") };
        var seed = Options.Seed();
        var verb = new Command("demo", "Inspect the two sample models, one honest and one that cheats.") { output, seed };
        verb.SetAction((parsed, cancel) => Task.FromResult(Run(parsed.GetValue(output)!, parsed.GetValue(seed), cancel)));
        return verb;
    }

    private static int Run(string output, ulong seed, CancellationToken cancel)
    {
        var sample = SampleVerb.Folder();
        foreach (var (model, story) in Models)
        {
            System.Console.WriteLine($"{model}: {story}.");
            var (file, data) = (Path.Combine(sample, model + ".onnx"), Path.Combine(sample, "held-out", "labels.csv"));
            var folder = Path.Combine(output, model);
            InspectVerb.Run(new InspectionRequest(file, data) { Command = $"modelinspector inspect {file} --data {data} --seed {seed} -o {folder}" }, folder, split: false, seed, cancel);
            System.Console.WriteLine();
        }
        return 0;
    }
}
