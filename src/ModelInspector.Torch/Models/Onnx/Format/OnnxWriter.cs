namespace ModelInspector.Models.Onnx.Format;

/// <summary>Writes the structure of an ONNX file; tensors must have their values in memory.</summary>
internal static class OnnxWriter
{
    public static WireWriter Write(ModelProto model) => new WireWriter()
        .Int64(1, model.IrVersion)
        .Text(2, model.Producer)
        .Message(7, Graph(model.Graph))
        .Messages(8, model.Opsets, Opset)
        .Messages(25, model.Functions, Function);

    public static WireWriter Tensor(TensorProto tensor)
    {
        var writer = tensor.Shape.Aggregate(new WireWriter(), (writer, size) => writer.Int64(1, size))
            .Int64(2, (long)tensor.Type)
            .Text(8, tensor.Name);
        return tensor.Data is TensorData.Inline inline ? writer.Bytes(9, inline.Bytes.Span)
            : throw new ArgumentException($"The values of `{tensor.Name}` are not in memory.", nameof(tensor));
    }

    private static WireWriter Opset(OpsetId opset) => new WireWriter().Text(1, opset.Domain).Int64(2, opset.Version);

    private static WireWriter Graph(GraphProto graph) => new WireWriter()
        .Messages(1, graph.Nodes, Node)
        .Text(2, graph.Name)
        .Messages(5, graph.Initializers, Tensor)
        .Messages(11, graph.Inputs, Value)
        .Messages(12, graph.Outputs, Value);

    private static WireWriter Function(FunctionProto function)
    {
        var writer = new WireWriter().Text(1, function.Name).Text(10, function.Domain);
        foreach (var input in function.Inputs) writer.Text(4, input);
        foreach (var output in function.Outputs) writer.Text(5, output);
        return writer.Messages(7, function.Nodes, Node).Messages(9, function.Opsets, Opset).Messages(11, function.Defaults, Attribute);
    }

    private static WireWriter Node(NodeProto node)
    {
        var writer = new WireWriter();
        foreach (var input in node.Inputs) writer.Bytes(1, System.Text.Encoding.UTF8.GetBytes(input));
        foreach (var output in node.Outputs) writer.Bytes(2, System.Text.Encoding.UTF8.GetBytes(output));
        return writer.Text(3, node.Name).Text(4, node.Op).Messages(5, node.Attributes, Attribute).Text(7, node.Domain);
    }

    private static WireWriter Attribute(AttributeProto attribute)
    {
        var writer = new WireWriter().Text(1, attribute.Name).Int64(20, (long)attribute.Type).Text(21, attribute.Refers);
        return attribute.Type switch
        {
            _ when attribute.Refers.Length > 0 => writer,
            AttributeType.Float => writer.Single(2, attribute.Float),
            AttributeType.Int => writer.Int64(3, attribute.Int),
            AttributeType.String => writer.Text(4, attribute.Text ?? ""),
            AttributeType.Tensor => writer.Message(5, Tensor(attribute.Tensor!)),
            AttributeType.Graph => writer.Message(6, Graph(attribute.Graph!)),
            AttributeType.Floats => attribute.Floats.Aggregate(writer, (w, value) => w.Single(7, value)),
            AttributeType.Ints => attribute.Ints.Aggregate(writer, (w, value) => w.Int64(8, value)),
            AttributeType.Strings => attribute.Texts.Aggregate(writer, (w, value) => w.Bytes(9, System.Text.Encoding.UTF8.GetBytes(value))),
            _ => throw new ArgumentException($"The attribute `{attribute.Name}` has no type that can be written.", nameof(attribute)),
        };
    }

    private static WireWriter Value(ValueInfo value) => new WireWriter()
        .Text(1, value.Name)
        .Message(2, new WireWriter().Message(1, OfTensor(value)));

    private static WireWriter OfTensor(ValueInfo value)
    {
        var writer = new WireWriter().Int64(1, (long)value.Type);
        return value.Shape is { } shape ? writer.Message(2, new WireWriter().Messages(1, shape.Index(), Size)) : writer;
    }

    // A free size is written as a named one: N for the batch.
    private static WireWriter Size((int Index, long Item) size) =>
        size.Item >= 0 ? new WireWriter().Int64(1, size.Item) : new WireWriter().Text(2, size.Index == 0 ? "N" : $"d{size.Index}");
}
