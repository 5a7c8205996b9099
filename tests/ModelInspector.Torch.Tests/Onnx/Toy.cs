using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>Small files for single questions.</summary>
internal static class Toy
{
    /// <summary>Opens what a builder wrote.</summary>
    public static IModel Open(OnnxBuilder builder) => Open(builder.ToArray());

    public static IModel Open(byte[] bytes)
    {
        using var file = new TorchScript.TemporaryFile(".onnx");
        File.WriteAllBytes(file.Path, bytes);
        return new OnnxLoader().Open(file.Path, new OpenOptions());
    }

    /// <summary>Why a file is not opened.</summary>
    public static string Refusal(byte[] bytes) => Assert.Throws<InputException>(() => Open(bytes).Dispose()).Message;

    public static string Refusal(OnnxBuilder builder) => Refusal(builder.ToArray());

    /// <summary>A network of one node on one input, with further inputs as weights.</summary>
    public static OnnxBuilder Single(string op, long[] shape, int opset, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var net = new OnnxBuilder("toy", opset);
        return net.Output(net.Node(op, [net.Input("x", shape)], attributes), "y");
    }

    /// <summary>What a network gives for one input.</summary>
    public static float[] Run(OnnxBuilder builder, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var model = Open(builder);
        return model.Run(input).First.reshape(-1).data<float>().ToArray();
    }

    /// <summary>0, 1, 2 … in a shape.</summary>
    public static Tensor Counting(params long[] shape) => arange(shape.Aggregate((a, b) => a * b), float32).reshape(shape);
}
