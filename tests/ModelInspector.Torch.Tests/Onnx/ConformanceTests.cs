using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>The reference networks as ONNX: scores, every referenced layer's activation and gradient under both of its names, and the cut at every layer.</summary>
public class ConformanceTests
{
    public static TheoryData<string> Cases => [.. ConformanceCase.Names];

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Scores_match_the_reference(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = reference.Open("onnx");
        Near.Equal(reference.Logits, Batches.ToArray(model.Run(reference.InputTensor()).First), 1e-4, name);
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Activation_and_gradient_match_under_module_path_and_tensor_name(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (GraphModel)reference.Open("onnx");
        var named = reference.Layers.Select(layer => (layer.Path, ByPath: model.Graph.Find(layer.Path), ByTensor: model.Graph.Find(layer.Tensor!))).ToList();
        Assert.All(named, layer => Assert.Same(layer.ByPath, layer.ByTensor));
        var pairs = LayerGradients.Of(model, reference.InputTensor(), [.. named.Select(layer => layer.ByPath)], new ClassTarget([.. reference.Targets]));
        foreach (var (path, layer, _) in named)
        {
            var pair = pairs.Single(pair => pair.Layer.Name == layer.Name);
            Near.Equal(reference.Expected($"layer.activation@{path}"), Batches.ToArray(pair.Activation), 1e-4, $"{name} activation at {path}");
            Near.Equal(reference.Expected($"layer.gradient@{path}"), Batches.ToArray(pair.Gradient), 1e-4, $"{name} gradient at {path}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void The_gradient_at_the_input_matches_the_reference(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = reference.Open("onnx");
        var input = reference.InputTensor().requires_grad_();
        var scores = model.Run(input).First;
        var chosen = scores.gather(1, tensor(reference.Targets).unsqueeze(1)).sum();
        Near.Equal(reference.Expected("input.gradient"), Batches.ToArray(autograd.grad([chosen], [input])[0]), 1e-4, name);
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void A_run_cut_at_any_layer_gives_the_same_bits(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = (GraphModel)reference.Open("onnx");
        var whole = Batches.ToArray(model.Run(reference.InputTensor()).First).Values;
        foreach (var layer in model.Graph.Layers)
        {
            using var prefix = model.RunTo(layer.Name, reference.InputTensor());
            using var outputs = model.RunFrom(prefix, prefix.Value);
            Assert.Equal(whole, Batches.ToArray(outputs.First).Values);
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void A_run_goes_on_from_any_layer_with_several_copies_of_the_batch(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = (GraphModel)reference.Open("onnx");
        foreach (var layer in model.Graph.Layers.Where(layer => layer.Output[0] == reference.Input.Shape[0]))
        {
            using var prefix = model.RunTo(layer.Name, reference.InputTensor());
            using var outputs = model.RunFrom(prefix, prefix.Value.repeat_interleave(3, 0));
            Near.Equal(reference.Logits, Batches.ToArray(outputs.First.reshape(reference.Input.Shape[0], 3, -1).select(1, 2)), 1e-4, $"{name} cut at {layer.Name}");
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_layer_has_a_unique_name_a_shape_and_something_that_feeds_it(string name)
    {
        using var model = new ConformanceCase(name).Open("onnx");
        Assert.Equal(model.Graph.Layers.Length, model.Graph.Layers.Select(layer => layer.Name).Distinct().Count());
        Assert.All(model.Graph.Layers, layer => Assert.NotEmpty(layer.Output));
        Assert.All(model.Graph.Layers, layer => Assert.NotEmpty(layer.Inputs));
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Opening_running_tapping_cutting_and_failing_leave_nothing_behind(string name)
    {
        var reference = new ConformanceCase(name);
        using var input = reference.InputTensor();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var model = (GraphModel)reference.Open("onnx"))
        {
            var loaded = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            model.Run(input).Dispose();
            model.Run(input, (_, _, output) => output.clone()).Dispose();
            Assert.Throws<InvalidTimeZoneException>(() => model.Run(input, (_, _, _) => throw new InvalidTimeZoneException()));
            using (var prefix = model.RunTo(model.Graph.Layers[3].Name, input)) model.RunFrom(prefix, prefix.Value).Dispose();
            Assert.Equal(loaded, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
