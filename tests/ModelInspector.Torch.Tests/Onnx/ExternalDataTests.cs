using System.Text;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>Weights that lie in a file beside the model: where they may lie, where they begin, and what is refused.</summary>
public class ExternalDataTests
{
    [Theory]
    [InlineData("../outside.bin", "not inside the model's folder")]
    [InlineData("/etc/hostname", "not inside the model's folder")]
    [InlineData("missing.bin", "is not beside the model")]
    [InlineData("", "not inside the model's folder")]
    [InlineData("link.bin", "not inside the model's folder")]
    public void External_data_is_read_from_inside_the_models_folder_only(string location, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "true.bin"), new byte[8]);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link.bin"), Path.Combine(folder.Path, "true.bin"));
        File.WriteAllBytes(Path.Combine(folder.Path, "net.onnx"), WithExternal(location, 0, 8));
        var message = Assert.Throws<InputException>(() => Model.Open(Path.Combine(folder.Path, "net.onnx"))).Message;
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_data_is_read_where_it_begins_and_counts_for_the_models_identity()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var (model, data) = (Path.Combine(folder.Path, "net.onnx"), Path.Combine(folder.Path, "weights.bin"));
        File.WriteAllBytes(data, [0, 0, 0, 0, .. BitConverter.GetBytes(5f), .. BitConverter.GetBytes(7f)]);
        File.WriteAllBytes(model, WithExternal("weights.bin", 4, 8));
        using var first = Model.Open(model);
        Assert.Equal([6f, 9], first.Run(tensor([1f, 2]).reshape(1, 2)).First.reshape(-1).data<float>().ToArray());
        File.WriteAllBytes(data, new byte[12]);
        using var second = Model.Open(model);
        Assert.NotEqual(first.Graph.Sha256, second.Graph.Sha256);
    }

    [Theory]
    [InlineData(4, 8, "8 bytes, but has 4")]
    [InlineData(100, 8, "8 bytes, but has -92")]
    [InlineData(long.MaxValue, 8, "but has")]
    public void External_data_that_is_too_short_is_refused(long offset, long length, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "weights.bin"), new byte[8]);
        File.WriteAllBytes(Path.Combine(folder.Path, "net.onnx"), WithExternal("weights.bin", offset, length));
        Assert.Contains(reason, Assert.Throws<InputException>(() => Model.Open(Path.Combine(folder.Path, "net.onnx"))).Message, StringComparison.Ordinal);
    }

    private static byte[] WithExternal(string location, long offset, long length)
    {
        static WireWriter Entry(string key, string value) => new WireWriter().Text(1, key).Bytes(2, Encoding.UTF8.GetBytes(value));
        var weight = new WireWriter().Int64(1, 2).Int64(2, 1).Text(8, "w")
            .Message(13, Entry("location", location)).Message(13, Entry("offset", $"{offset}")).Message(13, Entry("length", $"{length}")).Int64(14, 1);
        var net = new OnnxBuilder();
        net.Node("Add", [net.Input("x", [1, 2]), "w"], ["y"]).Output("y");
        return new WireWriter().Int64(1, 8).Message(8, new WireWriter().Int64(2, 17)).Message(7, Graph(net.ToArray()).Message(5, weight)).Written.ToArray();
    }

    // The fields of a file's graph, so that one can be added.
    private static WireWriter Graph(byte[] file)
    {
        var reader = new WireReader("toy", file);
        var graph = new WireWriter();
        while (reader.Next())
        {
            if (reader.Field != 7)
            {
                reader.Skip();
                continue;
            }
            var inner = reader.Message();
            while (inner.Next()) graph.Bytes(inner.Field, inner.Bytes());
        }
        return graph;
    }
}
