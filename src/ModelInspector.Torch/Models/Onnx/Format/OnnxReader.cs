using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>Reads an ONNX file's structure; the values of its tensors stay where they are.</summary>
internal sealed class OnnxReader(string file)
{
    private const int DeepestGraph = 32;
    private const int MostNodes = 1_000_000;

    private int depth;
    private int nodes;

    /// <summary>The model in these bytes.</summary>
    /// <exception cref="InputException">They are no ONNX model, or a damaged one.</exception>
    public static ModelProto Read(string file, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new OnnxReader(file).Model(new WireReader(file, bytes));
        }
        catch (InputException) when (IsText(bytes))
        {
            var beginning = System.Text.Encoding.UTF8.GetString(bytes[..Math.Min(24, bytes.Length)]).ReplaceLineEndings(" ").Trim();
            throw new InputException($"{file} is no ONNX model: it begins with the text `{beginning}`. "
                + "Export the network again, or give the file its true ending.");
        }
    }

    /// <summary>A single tensor, as <c>.pb</c> files hold it.</summary>
    public static TensorProto ReadTensor(string file, ReadOnlySpan<byte> bytes) => Tensor(new WireReader(file, bytes));

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes[..Math.Min(24, bytes.Length)])
            if (b is < 32 or 127 and not (9 or 10 or 13)) return false;
        return true;
    }

    private ModelProto Model(WireReader wire)
    {
        var (version, producer, producerVersion) = (0L, "", "");
        GraphProto? graph = null;
        var opsets = ImmutableArray.CreateBuilder<OpsetId>();
        var functions = ImmutableArray.CreateBuilder<FunctionProto>();
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: version = wire.Int64(); break;
                case 2: producer = wire.Text(); break;
                case 3: producerVersion = wire.Text(); break;
                case 7: graph = Graph(wire.Message()); break;
                case 8: opsets.Add(Opset(wire.Message())); break;
                case 25: functions.Add(Function(wire.Message())); break;
                default: wire.Skip(); break;
            }
        }
        if (graph is null) throw new InputException($"{file} holds no network: an ONNX model has a graph, and this file has none. Export it again.");
        return new(version, $"{producer} {producerVersion}".Trim(), opsets.ToImmutable(), graph, functions.ToImmutable());
    }

    private static OpsetId Opset(WireReader wire)
    {
        var (domain, version) = ("", 0L);
        while (wire.Next())
        {
            if (wire.Field == 1) domain = wire.Text();
            else if (wire.Field == 2) version = wire.Int64();
            else wire.Skip();
        }
        return new(Domain(domain), version);
    }

    // ONNX's own operators go by two names.
    private static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private FunctionProto Function(WireReader wire)
    {
        var (name, domain) = ("", "");
        var (inputs, outputs) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        var defaults = ImmutableArray.CreateBuilder<AttributeProto>();
        var inside = ImmutableArray.CreateBuilder<NodeProto>();
        var opsets = ImmutableArray.CreateBuilder<OpsetId>();
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: name = wire.Text(); break;
                case 4: inputs.Add(wire.Text()); break;
                case 5: outputs.Add(wire.Text()); break;
                case 7: inside.Add(Node(wire.Message())); break;
                case 9: opsets.Add(Opset(wire.Message())); break;
                case 10: domain = wire.Text(); break;
                case 11: defaults.Add(Attribute(wire.Message())); break;
                default: wire.Skip(); break;
            }
        }
        return new(name, Domain(domain), inputs.ToImmutable(), outputs.ToImmutable(), defaults.ToImmutable(), inside.ToImmutable(), opsets.ToImmutable());
    }

    private GraphProto Graph(WireReader wire)
    {
        if (++depth > DeepestGraph) throw wire.Damaged($"graphs are nested more than {DeepestGraph} deep");
        var name = "";
        var inside = ImmutableArray.CreateBuilder<NodeProto>();
        var tensors = ImmutableArray.CreateBuilder<TensorProto>();
        var (inputs, outputs) = (ImmutableArray.CreateBuilder<ValueInfo>(), ImmutableArray.CreateBuilder<ValueInfo>());
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: inside.Add(Node(wire.Message())); break;
                case 2: name = wire.Text(); break;
                case 5: tensors.Add(Tensor(wire.Message())); break;
                case 11: inputs.Add(Value(wire.Message())); break;
                case 12: outputs.Add(Value(wire.Message())); break;
                case 15: throw Sparse(wire.Message());
                default: wire.Skip(); break;
            }
        }
        depth--;
        return new(name, inside.ToImmutable(), tensors.ToImmutable(), inputs.ToImmutable(), outputs.ToImmutable());
    }

    private InputException Sparse(WireReader wire)
    {
        var name = "";
        while (wire.Next())
            if (wire.Field == 1) name = Tensor(wire.Message()).Name;
            else wire.Skip();
        return new($"{file}: the weight `{name}` is stored as a sparse tensor, which is not supported. Export it with dense weights.");
    }

    private NodeProto Node(WireReader wire)
    {
        if (++nodes > MostNodes) throw wire.Damaged($"there are more than {MostNodes:N0} nodes");
        var (op, domain, name) = ("", "", "");
        var (inputs, outputs) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        var attributes = ImmutableArray.CreateBuilder<AttributeProto>();
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: inputs.Add(wire.Text()); break;
                case 2: outputs.Add(wire.Text()); break;
                case 3: name = wire.Text(); break;
                case 4: op = wire.Text(); break;
                case 5: attributes.Add(Attribute(wire.Message())); break;
                case 7: domain = wire.Text(); break;
                default: wire.Skip(); break;
            }
        }
        return new(op, Domain(domain), name, inputs.ToImmutable(), outputs.ToImmutable(), attributes.ToImmutable());
    }

    private AttributeProto Attribute(WireReader wire)
    {
        var attribute = new AttributeProto("");
        var (ints, floats, texts) = (new List<long>(), new List<float>(), ImmutableArray.CreateBuilder<string>());
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: attribute = attribute with { Name = wire.Text() }; break;
                case 2: attribute = attribute with { Float = wire.Single() }; break;
                case 3: attribute = attribute with { Int = wire.Int64() }; break;
                case 4: attribute = attribute with { Text = wire.Text() }; break;
                case 5: attribute = attribute with { Tensor = Tensor(wire.Message()) }; break;
                case 6: attribute = attribute with { Graph = Graph(wire.Message()) }; break;
                case 7: wire.Singles(floats); break;
                case 8: wire.Int64s(ints); break;
                case 9: texts.Add(wire.Text()); break;
                case 20: attribute = attribute with { Type = (AttributeType)wire.Int32() }; break;
                case 21: attribute = attribute with { Refers = wire.Text() }; break;
                case 22: attribute = attribute with { IsSparse = true }; wire.Skip(); break;
                default: wire.Skip(); break;
            }
        }
        return attribute with { Ints = [.. ints], Floats = [.. floats], Texts = texts.ToImmutable() };
    }

    private static ValueInfo Value(WireReader wire)
    {
        var value = new ValueInfo("", ElementType.Undefined, null);
        while (wire.Next())
        {
            if (wire.Field == 1) value = value with { Name = wire.Text() };
            else if (wire.Field == 2) value = Typed(value, wire.Message());
            else wire.Skip();
        }
        return value;
    }

    private static ValueInfo Typed(ValueInfo value, WireReader wire)
    {
        while (wire.Next())
        {
            switch (wire.Field)
            {
                case 1: value = OfTensor(value, wire.Message()); break;
                case 4: value = value with { Kind = "sequence" }; wire.Skip(); break;
                case 5: value = value with { Kind = "map" }; wire.Skip(); break;
                case 8: value = value with { Kind = "sparse tensor" }; wire.Skip(); break;
                case 9: value = value with { Kind = "optional" }; wire.Skip(); break;
                default: wire.Skip(); break;
            }
        }
        return value;
    }

    private static ValueInfo OfTensor(ValueInfo value, WireReader wire)
    {
        while (wire.Next())
        {
            if (wire.Field == 1) value = value with { Type = (ElementType)wire.Int32() };
            else if (wire.Field == 2) value = value with { Shape = Shape(wire.Message()) };
            else wire.Skip();
        }
        return value;
    }

    private static ImmutableArray<long> Shape(WireReader wire)
    {
        var sizes = ImmutableArray.CreateBuilder<long>();
        while (wire.Next())
        {
            if (wire.Field == 1) sizes.Add(Size(wire.Message()));
            else wire.Skip();
        }
        return sizes.ToImmutable();
    }

    private static long Size(WireReader wire)
    {
        var size = -1L;
        while (wire.Next())
        {
            if (wire.Field == 1 && wire.Type == WireType.Varint) size = wire.Int64();
            else wire.Skip();
        }
        return size > 0 ? size : -1;
    }

    private static TensorProto Tensor(WireReader wire) => new TensorReader().Read(wire);
}
