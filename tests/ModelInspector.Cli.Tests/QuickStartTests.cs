using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Images;
using ModelInspector.Inspection;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Tests;

/// <summary>The README's quick start, compiled and run; the two texts are compared, so neither can drift.</summary>
public class QuickStartTests
{
    [Fact]
    public void The_quick_start_runs()
    {
        var said = Captured(() => QuickStart(Sample.Clean, Sample.Labels));
        Assert.Contains("SAM up to", said);
    }

    [Fact]
    public void The_quick_start_in_the_readme_is_the_one_that_is_tested()
    {
        var readme = File.ReadAllText(Repository.Path("README.md"));
        var shown = readme.Split("```csharp\n")[1].Split("```")[0];
        var source = File.ReadAllText(Repository.Path("tests", "ModelInspector.Cli.Tests", "QuickStartTests.cs"));
        Assert.Equal(Plain(shown), Plain(source.Split("        // begin\n")[^1].Split("        // end\n")[0]));
    }

    private static void QuickStart(string modelFile, string csvFile)
    {
        // begin
        using var model = (IDifferentiableModel)Model.Open(modelFile, new OpenOptions());
        using var samples = new SampleReader(
            DataSet.Open(csvFile, DataOptions.None),
            Preprocessing.For(modelFile, null, model.Graph.Inputs[0]),
            new OpenCvImageCodec());

        using var scope = NewDisposeScope();
        var batch = Batches.ToTensor(samples.Read(0, 8));
        var layers = LayerChoice.Default(model.Graph, most: 6);
        foreach (var pair in LayerGradients.Of(model, batch, layers, new PredictedClass()))
        {
            var sam = new Sam().Map(pair.Activation, pair.Gradient);          // (samples, rows, columns), raw
            var gradCam = new GradCam().Map(pair.Activation, pair.Gradient);
            Console.WriteLine($"{pair.Layer.Name}: SAM up to {sam.max().item<float>():G3}, Grad-CAM up to {gradCam.max().item<float>():G3}");
        }
        // end
    }

    private static string Plain(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string Captured(Action action)
    {
        var before = Console.Out;
        using var text = new StringWriter();
        Console.SetOut(text);
        try
        {
            action();
            return text.ToString();
        }
        finally
        {
            Console.SetOut(before);
        }
    }
}
