using ModelInspector.Datasets.Phantom;
using ModelInspector.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Studies;

/// <summary>Writes a <see cref="StudyNet"/> as ONNX, one node a layer, so that any tool can look at a study's networks.</summary>
internal sealed class StudyNetFile
{
    private const int Opset = 13;
    private readonly OnnxBuilder file;
    private string value;

    private StudyNetFile(StudyNet net)
    {
        file = new OnnxBuilder(Catalog.Kebab(net.Architecture.ToString()), Opset);
        value = file.Input("image", [-1, 1, PhantomImage.Size, PhantomImage.Size]);
        Append("AveragePool", "/shrink", [], ("kernel_shape", new long[] { StudyNet.Shrink, StudyNet.Shrink }), ("strides", new long[] { StudyNet.Shrink, StudyNet.Shrink }));
        foreach (var (index, (name, stage)) in net.Stages.Index())
        {
            if (index > 0) Append("MaxPool", $"/{net.Stages.ElementAt(index - 1).Name}/pool", [], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
            Stage(name, stage, net.Architecture == Architecture.Residual);
        }
        Head(net);
        file.Output(value, "logits", [-1, PhantomImage.Classes.Count]);
    }

    /// <summary>The bytes of the ONNX file.</summary>
    public static byte[] Bytes(StudyNet net) => new StudyNetFile(net).file.ToArray();

    private void Stage(string name, StudyNet.Stage stage, bool residual)
    {
        var around = "";
        foreach (var (index, (convolution, norm)) in stage.Halves.Index())
        {
            var number = index + 1;
            Append("Conv", $"/{name}/conv{number}", Weights($"{name}.conv{number}", ("weight", convolution.weight)),
                ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 1, 1 }));
            Append("BatchNormalization", $"/{name}/norm{number}",
                Weights($"{name}.norm{number}", ("weight", norm.weight), ("bias", norm.bias), ("running_mean", norm.running_mean), ("running_var", norm.running_var)), ("epsilon", 1e-5f));
            if (residual && number == 2) Append("Add", $"/{name}/add", [around]);
            Append("Relu", $"/{name}/relu{number}", []);
            around = value;
        }
    }

    private void Head(StudyNet net)
    {
        var side = PhantomImage.Size / StudyNet.Shrink / 4 / StudyNet.Cells;
        if (net.Architecture == Architecture.FlattenHead) Append("AveragePool", "/pool", [], ("kernel_shape", new long[] { side, side }), ("strides", new long[] { side, side }));
        else Append("GlobalAveragePool", "/pool", []);
        Append("Flatten", "/flatten", [], ("axis", 1L));
        Append("Gemm", "/classifier", Weights("classifier", ("weight", net.Classifier.weight), ("bias", net.Classifier.bias)), ("transB", 1L));
    }

    private void Append(string op, string node, string[] further, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var output = op == "Gemm" ? "logits" : $"{node}/{op}_output_0";
        file.Node(op, [value, .. further], [output], $"{node}/{op}", attributes: attributes);
        value = output;
    }

    private string[] Weights(string path, params ReadOnlySpan<(string Name, Tensor? Values)> tensors)
    {
        var names = new List<string>();
        foreach (var (name, values) in tensors)
        {
            using var plain = values!.detach().contiguous();
            names.Add(file.Weight($"{path}.{name}", plain.shape, plain.data<float>().ToArray()));
        }
        return [.. names];
    }
}
