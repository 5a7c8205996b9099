using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Capture;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>The reference values of integrals over a path at a layer, for both model formats.</summary>
public class PathConformanceTests
{
    public static TheoryData<string, string> Cases => ConformanceTests.Cases;

    // On the 65 points of conductance's path a unit comes within 5e-8 of its ReLU's kink (gap: features.5, channel 14, row 13, column 3, half
    // way): which side it falls on is rounding, and moves the window of inputs that it sees by a 64th of its weight.
    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_attribution_of_a_layer_equals_its_reference(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        (string File, ILayerAttribution Method)[] methods =
        [
            ("layer.integrated_gradients_zero_trapezoid_64", new IntegratedGradients(64)),
            ("layer.conductance_zero_trapezoid_64", new Conductance(64, StepRule.Left)),
            ("layer.internal_influence_zero_trapezoid_64", new InternalInfluence(64)),
        ];
        foreach (var (path, _) in reference.Layers)
            foreach (var (file, method) in methods)
            {
                var actual = method.Attribute(model, reference.InputTensor(), model.Graph.Find(path), new ClassTarget([.. reference.Targets]), Job.Quiet());
                var (expected, what) = (reference.Expected($"{file}@{path}"), $"{file} at {path}");
                if (method is Conductance) Near.EqualButFor(0.003, 0.002, expected, Batches.ToArray(actual), 1e-4, what);
                else Near.Equal(expected, Batches.ToArray(actual), 1e-4, what);
            }
    }
}
