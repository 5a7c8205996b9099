using ModelInspector.Datasets.Phantom;
using ModelInspector.Models.Onnx;

namespace ModelInspector.Studies;

/// <summary>Writes a <see cref="StudyNet"/> as ONNX, one node a layer, so that any tool can look at a study's networks.</summary>
internal sealed class StudyNetFile
{
    private const int Opset = 13;
    private readonly OnnxBuilder file;
    private readonly OnnxChain chain;

    private StudyNetFile(StudyNet net)
    {
        file = new OnnxBuilder(Catalog.Kebab(net.Architecture.ToString()), Opset);
        chain = new OnnxChain(file, file.Input("image", [-1, 1, PhantomImage.Size, PhantomImage.Size]));
        chain.Pooling("AveragePool", "/shrink", StudyNet.Shrink);
        foreach (var (index, (name, stage)) in net.Stages.Index())
        {
            if (index > 0) chain.Pooling("MaxPool", $"/{net.Stages.ElementAt(index - 1).Name}/pool", 2);
            Stage(name, stage, net.Architecture == Architecture.Residual);
        }
        Head(net);
    }

    /// <summary>The bytes of the ONNX file.</summary>
    public static byte[] Bytes(StudyNet net) => new StudyNetFile(net).file.ToArray();

    private void Stage(string name, StudyNet.Stage stage, bool residual)
    {
        var around = "";
        foreach (var (index, (convolution, norm)) in stage.Halves.Index())
        {
            var number = index + 1;
            chain.Convolution($"{name}.conv{number}", $"/{name}/conv{number}", convolution.weight);
            chain.Normalisation($"{name}.norm{number}", $"/{name}/norm{number}", norm);
            if (residual && number == 2) chain.Append("Add", $"/{name}/add", [around]);
            chain.Append("Relu", $"/{name}/relu{number}", []);
            around = chain.Value;
        }
    }

    private void Head(StudyNet net)
    {
        var side = PhantomImage.Size / StudyNet.Shrink / 4 / StudyNet.Cells;
        if (net.Architecture == Architecture.FlattenHead) chain.Pooling("AveragePool", "/pool", side);
        else chain.Append("GlobalAveragePool", "/pool", []);
        chain.Classifier(net.Classifier, PhantomImage.Classes.Count);
    }
}
