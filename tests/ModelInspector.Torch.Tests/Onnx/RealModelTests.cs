using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Images;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>Networks that people use, as their exporters wrote them.</summary>
public class RealModelTests
{
    // The counts are hand-computed from the weights in the files; 1,235,496 is SqueezeNet 1.1's published count.
    [SkippableTheory]
    [InlineData("cifar-resnet20", 269_034, "layer1.2", "layer1.2", 1, 16, 32, 32)]
    [InlineData("cifar-resnet20", 269_034, "layer3", "layer3.2", 1, 64, 8, 8)]
    [InlineData("fashion-cnn", 23_946, "fc", "fc", 1, 10)]
    [InlineData("squeezenet-imagenet-fp16", 1_235_496, "fire2", "fire2.concat_1", 1, 128, 55, 55)]
    [InlineData("mnist-cntk", 5_994, "ReLU32_Output_0", "ReLU32", 1, 8, 28, 28)]
    [InlineData("super-resolution", 59_657, "27", "reshape_2", 1, 1, 672, 672)]
    [InlineData("ultraface-rfb-320", 276_292, "base_net.0.0", "base_net.0.0", 1, 16, 120, 160)]
    [InlineData("fastestdet-coco", 240_301, "Concat_264", "concat_264", 1, 85, 22, 22)]
    public void Layers_have_names_shapes_and_parameters(string file, long parameters, string asked, string name, params int[] shape)
    {
        using var model = Open(file);
        Assert.Equal(parameters, model.Graph.Parameters);
        Assert.Equal(name, model.Graph.Find(asked).Name);
        Assert.Equal(shape.Select(size => (long)size), model.Graph.Find(asked).Output);
    }

    [SkippableTheory]
    [InlineData("mnist-cntk", 1)]
    [InlineData("super-resolution", 1)]
    [InlineData("fastestdet-coco", 1)]
    [InlineData("squeezenet-imagenet-fp16", null)]
    [InlineData("ultraface-rfb-320", null)]
    [InlineData("cifar-resnet20", null)]
    public void The_batch_is_fixed_only_where_two_samples_do_not_give_what_each_gives_alone(string file, int? batch)
    {
        using var model = Open(file);
        Assert.Equal(batch, model.Graph.FixedBatch);
    }

    [SkippableFact]
    public void Half_precision_and_fused_weights_are_said_so()
    {
        using var half = Open("squeezenet-imagenet-fp16");
        Assert.Equal(["Some weights are float16; everything is computed as float32."], half.Graph.Notes.AsEnumerable());
        using var fused = Open("fashion-cnn");
        Assert.Contains("2 of 3 convolutions", Assert.Single(fused.Graph.Notes), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_wrong_input_size_is_refused_with_layer_and_shapes()
    {
        using var model = Open("cifar-resnet20");
        var message = Assert.Throws<InputException>(() => model.Run(zeros(1, 4, 32, 32))).Message;
        Assert.Contains("layer conv1 (Conv) cannot run on inputs of shape (1, 4, 32, 32)", message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void SqueezeNet_sees_a_Samoyed_or_a_near_kin_in_the_dog()
    {
        var picture = new OpenCvImageCodec().Decode(File.ReadAllBytes(Path.Combine(Shared.Folder("real"), "images", "dog.jpg")), "dog.jpg");
        var preprocessing = new Preprocessing { Size = new(224, 224), Channels = ChannelOrder.Bgr, High = 255, Mean = [104, 117, 123] };
        var input = preprocessing.Normalise(preprocessing.Frame(picture));
        using var scope = NewDisposeScope();
        using var model = Open("squeezenet-imagenet-fp16");
        var scores = model.Run(Batches.ToTensor(input).unsqueeze(0)).First.reshape(-1);
        Assert.Equal(1, scores.sum().ToDouble(), 1e-3);
        // ImageNet's classes 257 to 259: Great Pyrenees, Samoyed, Pomeranian.
        Assert.InRange(scores.argmax().ToInt64(), 257, 259);
    }

    private static IModel Open(string file) => Model.Open(Path.Combine(Shared.Folder("real"), "models", file + ".onnx"));
}
