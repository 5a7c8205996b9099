using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Capture;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>The reference values, for both model formats.</summary>
public class ConformanceTests
{
    private static readonly (string Reference, ILayerMap Map)[] Maps =
    [
        ("gradcam", new GradCam()),
        ("gradcam_signed", new GradCam(Sign.Signed)),
        ("sam", new Sam()),
        ("sam_signed", new Sam(SamVariant.Signed)),
        ("sam_relu_before_sum", new Sam(SamVariant.ReluBeforeSum)),
        ("sam_absolute", new Sam(SamVariant.Absolute)),
        ("layercam", new LayerCam()),
        ("xgradcam_signed", new XGradCam(Sign.Signed)),
        ("gradcam_pp_signed", new GradCamPlusPlus(Sign.Signed)),
        ("layer.gradient_times_activation", new GradientTimesActivation()),
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var name in ConformanceCase.Names)
                foreach (var format in ConformanceCase.Formats) cases.Add(name, format);
            return cases;
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_layer_map_equals_its_reference(string name, string format)
    {
        var (reference, checkedMaps) = (new ConformanceCase(name), 0);
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        var paths = reference.Layers.Select(layer => layer.Path).ToList();
        var pairs = LayerGradients.Of(model, reference.InputTensor(), [.. paths.Select(model.Graph.Find)], new ClassTarget([.. reference.Targets]));
        foreach (var (path, pair) in paths.Zip(pairs))
        {
            Near.Equal(reference.Expected($"layer.activation@{path}"), Batches.ToArray(pair.Activation), 1e-4, $"activation at {path}");
            Near.Equal(reference.Expected($"layer.gradient@{path}"), Batches.ToArray(pair.Gradient), 1e-4, $"gradient at {path}");
            foreach (var (file, map) in Maps.Where(map => reference.Has($"{map.Reference}@{path}")))
            {
                Near.Equal(reference.Expected($"{file}@{path}"), Batches.ToArray(map.Map(pair.Activation, pair.Gradient)), 1e-4, $"{file} at {path}");
                checkedMaps++;
            }
        }
        Assert.True(checkedMaps >= 7, $"only {checkedMaps} maps had a reference");
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_input_map_equals_its_reference(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        (string File, IAttribution Map)[] maps =
        [
            ("input.gradient", new Gradient()),
            ("saliency", new Saliency()),
            ("input_times_gradient", new InputTimesGradient()),
            ("integrated_gradients_zero_trapezoid_64", new IntegratedGradients(64)),
            ("guided_backprop", new GuidedBackprop()),
            ("deconvnet", new Deconvnet()),
        ];
        foreach (var (file, map) in maps.Where(map => reference.Has(map.File)))
        {
            var actual = map.Attribute(model, reference.InputTensor(), new ClassTarget([.. reference.Targets]), Job.Quiet());
            Near.Equal(reference.Expected(file), Batches.ToArray(actual), 1e-4, file);
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_map_made_by_running_the_rest_of_the_network_equals_its_reference(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        (string, ILayerAttribution)[] maps = [("ablationcam_signed", new AblationCam(Sign.Signed, AblatedTo.FarBelow)), ("scorecam_signed", new ScoreCam(Sign.Signed))];
        foreach (var path in reference.Layers.Select(layer => layer.Path))
            foreach (var (file, map) in maps.Where(map => reference.Has($"{map.Item1}@{path}")))
            {
                var actual = map.Attribute(model, reference.InputTensor(), model.Graph.Find(path), new ClassTarget([.. reference.Targets]), Job.Quiet());
                Near.Equal(reference.Expected($"{file}@{path}"), Batches.ToArray(actual), 1e-4, $"{file} at {path}");
            }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_map_made_by_changing_the_input_equals_its_reference(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        (string, IAttribution)[] maps = [("occlusion_zero", new Occlusion(reference.Window, reference.Window)), ("shapley_exact_quadrants_zero", new Shapley())];
        foreach (var (file, map) in maps)
        {
            var actual = map.Attribute(model, reference.InputTensor(), new ClassTarget([.. reference.Targets]), Job.Quiet());
            Near.Equal(reference.Expected(file), Batches.ToArray(actual), 1e-4, file);
        }
    }

    [SkippableTheory]
    [InlineData("gap"), InlineData("residual"), InlineData("mobile"), InlineData("vit")]
    public void No_reference_is_left_unread(string name)
    {
        string[] read =
        [
            .. Maps.Select(map => map.Reference), "layer.activation", "layer.gradient", "input.gradient", "saliency", "input_times_gradient", "integrated_gradients_zero_trapezoid_64",
            "guided_backprop", "deconvnet", "ablationcam_signed", "scorecam_signed", "occlusion_zero", "shapley_exact_quadrants_zero", "deeplift_rescale_zero",
            "layer.integrated_gradients_zero_trapezoid_64", "layer.conductance_zero_trapezoid_64", "layer.internal_influence_zero_trapezoid_64",
        ];
        var paths = new ConformanceCase(name).Layers.Select(layer => layer.Path).ToHashSet();
        foreach (var file in Directory.GetFiles(Path.Combine(Shared.Folder("conformance"), name, "expected")).Select(Path.GetFileNameWithoutExtension))
            Assert.True(file!.Split('@') is var parts && read.Contains(parts[0]) && (parts.Length == 1 || paths.Contains(parts[1])), $"no test reads {file}");
    }

    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void Cam_is_grad_cam_times_the_positions_where_the_gap_network_pools(string format)
    {
        var reference = new ConformanceCase("gap");
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        var actual = new Cam(Sign.Signed).Attribute(model, reference.InputTensor(), model.Graph.Find("features.8"), new ClassTarget([.. reference.Targets]), Job.Quiet());
        Near.Equal(reference.Expected("gradcam_signed@features.8"), Batches.ToArray(actual / 64), 1e-4, "CAM against Grad-CAM");
    }

    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void Sam_is_grad_cam_where_the_gap_network_pools(string format)
    {
        var reference = new ConformanceCase("gap");
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        var pair = LayerGradients.Of(model, reference.InputTensor(), [model.Graph.Find("features.8")], new ClassTarget([.. reference.Targets]))[0];
        Near.Equal(Batches.ToArray(new GradCam().Map(pair.Activation, pair.Gradient)), Batches.ToArray(new Sam().Map(pair.Activation, pair.Gradient)), 1e-6, "SAM against Grad-CAM");
    }
}
