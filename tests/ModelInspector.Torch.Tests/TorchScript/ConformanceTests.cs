using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>The reference networks as TorchScript: scores, every referenced layer's activation and gradient, and the cut at every layer.</summary>
public class ConformanceTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Scores_match_the_reference(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = reference.Open("pt");
        Near.Equal(reference.Logits, Batches.ToArray(model.Run(reference.InputTensor()).First), 1e-4, name);
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Activation_and_gradient_match_at_every_module_path(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (GraphModel)reference.Open("pt");
        var paths = reference.Layers.Select(layer => layer.Path).ToList();
        var layers = paths.ConvertAll(model.Graph.Find);
        var pairs = LayerGradients.Of(model, reference.InputTensor(), layers, new ClassTarget([.. reference.Targets]));
        foreach (var (path, layer) in paths.Zip(layers))
        {
            var pair = pairs.Single(pair => pair.Layer.Name == layer.Name);
            Near.Equal(reference.Expected($"layer.activation@{path}"), Batches.ToArray(pair.Activation), 1e-4, $"{name} activation at {path}");
            Near.Equal(reference.Expected($"layer.gradient@{path}"), Batches.ToArray(pair.Gradient), 1e-4, $"{name} gradient at {path}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void A_run_cut_at_any_layer_gives_the_same_scores(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = (GraphModel)reference.Open("pt");
        foreach (var layer in model.Graph.Layers)
        {
            using var prefix = model.RunTo(layer.Name, reference.InputTensor());
            Near.Equal(reference.Logits, Batches.ToArray(model.RunFrom(prefix, prefix.Value).First), 1e-4, $"{name} cut at {layer.Name}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void A_run_goes_on_from_any_layer_with_several_copies_of_the_batch(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = (GraphModel)reference.Open("pt");
        foreach (var layer in model.Graph.Layers.Where(layer => layer.Output[0] == reference.Input.Shape[0]))
        {
            using var prefix = model.RunTo(layer.Name, reference.InputTensor());
            using var outputs = model.RunFrom(prefix, prefix.Value.repeat_interleave(3, 0));
            Near.Equal(reference.Logits, Batches.ToArray(outputs.First.reshape(reference.Input.Shape[0], 3, -1).select(1, 1)), 1e-4, $"{name} cut at {layer.Name}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_layer_has_a_unique_name_and_a_shape(string name)
    {
        var reference = new ConformanceCase(name);
        using var model = reference.Open("pt");
        Assert.Equal(model.Graph.Layers.Length, model.Graph.Layers.Select(layer => layer.Name).Distinct().Count());
        Assert.All(model.Graph.Layers, layer => Assert.NotEmpty(layer.Output));
        Assert.All(model.Graph.Layers, layer => Assert.NotEmpty(layer.Inputs));
    }
}
