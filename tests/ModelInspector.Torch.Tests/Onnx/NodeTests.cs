using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Models.Onnx.Format;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>ONNX's own tests, as the system's package has them: networks of a node or a few, inputs, and the outputs they must give.</summary>
public class NodeTests(ITestOutputHelper log)
{
    private const string Root = "/usr/share/libonnx-testdata/data";

    // What the standard asks for and we do otherwise on purpose.
    private static readonly Dictionary<string, string> Otherwise = new()
    {
        ["test_training_dropout"] = "a dropout passes its input on, because networks are looked at as they predict",
        ["test_training_dropout_mask"] = "a dropout passes its input on",
        ["test_training_dropout_default"] = "a dropout passes its input on",
        ["test_training_dropout_default_mask"] = "a dropout passes its input on",
    };

    [SkippableFact]
    public void Every_case_of_supported_operators_gives_what_the_standard_says()
    {
        Skip.IfNot(Directory.Exists(Root), "The package libonnx-testdata is not installed.");
        var cases = Cases().Select(folder => new NodeCase(folder, Outcome(folder))).ToList();
        foreach (var one in cases.Where(one => !one.Passed)) log.WriteLine($"{one.Name}: {one.Outcome}");
        var wrong = cases.Where(one => !one.Passed && !one.Refused && !Otherwise.ContainsKey(one.Name)).Select(one => $"{one.Name}: {one.Outcome}");
        Assert.Equal("", string.Join(Environment.NewLine, wrong));
        Assert.InRange(cases.Count(one => one.Passed && one.Group == "node"), 850, cases.Count);
        OperatorTable.Check(cases, Otherwise);
    }

    private static IEnumerable<string> Cases() => Directory.GetDirectories(Root).SelectMany(Directory.GetDirectories)
        .Where(folder => File.Exists(Path.Combine(folder, "model.onnx")) && Directory.Exists(Path.Combine(folder, "test_data_set_0")))
        .Order(StringComparer.Ordinal);

    private static string Outcome(string folder)
    {
        try
        {
            using var scope = NewDisposeScope();
            using var model = new OnnxLoader().Open(Path.Combine(folder, "model.onnx"), new OpenOptions());
            return Directory.GetDirectories(folder, "test_data_set_*").Select(set => Outcome(model, set)).FirstOrDefault(outcome => outcome != "ok", "ok");
        }
        catch (InputException error) when (IsRefusal(error.Message))
        {
            return "refused: " + error.Message;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }

    private static bool IsRefusal(string message) =>
        message.Contains("not supported", StringComparison.Ordinal) || message.Contains("Expected a tensor", StringComparison.Ordinal)
        || message.Contains("list of tensors", StringComparison.Ordinal) || message.Contains("which cannot be computed with", StringComparison.Ordinal);

    private static string Outcome(IModel model, string set)
    {
        var inputs = model.Graph.Inputs.Select((port, index) => KeyValuePair.Create(port.Name, Read(Path.Combine(set, $"input_{index}.pb"), port)));
        using var outputs = model.Run(Inputs.Named(inputs));
        return model.Graph.Outputs.Select((port, index) => Difference(Read(Path.Combine(set, $"output_{index}.pb"), port), outputs[port.Name], port.Type == "bfloat16" ? 1e-2 : 1e-3))
            .FirstOrDefault(difference => difference.Length > 0, "ok");
    }

    private static string Difference(Tensor expected, Tensor actual, double tolerance)
    {
        if (!expected.shape.SequenceEqual(actual.shape)) return $"shape ({string.Join(", ", actual.shape)}), expected ({string.Join(", ", expected.shape)})";
        if (expected.dtype != actual.dtype) return $"values of {actual.dtype}, expected {expected.dtype}";
        return actual.to(ScalarType.Float64).allclose(expected.to(ScalarType.Float64), tolerance, 1e-6, equal_nan: true) ? ""
            : $"values {string.Join(" ", actual.reshape(-1).Doubles().Take(8))}, expected {string.Join(" ", expected.reshape(-1).Doubles().Take(8))}";
    }

    private static Tensor Read(string path, Port port)
    {
        using var bytes = new MappedFile(path);
        using var external = new ExternalData(path);
        var values = new TensorValues(Path.GetFileName(path), bytes, external, CPU) { AllowsNaN = true };
        var tensor = OnnxReader.ReadTensor(path, bytes.Bytes);
        // The package keeps bfloat16 as its bits.
        return values.Of(port.Type == "bfloat16" ? tensor with { Type = ElementType.BFloat16 } : tensor);
    }
}
