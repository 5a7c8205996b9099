using System.Diagnostics;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Models.Onnx.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>Damaged, wrong and hostile files: each is refused in one sentence, before it costs anything.</summary>
public class HostileFileTests
{
    [Fact]
    public void A_text_renamed_is_said_to_be_text() =>
        Assert.Contains("it begins with the text `Dear Sir or Madam,`", Toy.Refusal("Dear Sir or Madam,"u8.ToArray()), StringComparison.Ordinal);

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = Network().ToArray();
        foreach (var length in Enumerable.Range(1, whole.Length - 1).Where(length => length % 7 == 0))
            Assert.Matches("damaged|holds no network|no input, weight or node gives|declares no output|before any node|has no attribute", Toy.Refusal(whole[..length]));
    }

    [Fact]
    public void A_truncated_file_says_how_much_is_missing()
    {
        var whole = Network().ToArray();
        Assert.Contains("bytes is announced where", Toy.Refusal(whole[..^30]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_that_declares_a_terabyte_is_refused_before_anything_is_allocated()
    {
        var net = new OnnxBuilder();
        net.Weight("huge", [1 << 20, 1 << 18], [1f]);
        net.Output(net.Node("Add", [net.Input("x", [1, 4]), "huge"]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("a tensor of shape (1048576, 262144) is too large", Toy.Refusal(net), StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void A_shape_that_overflows_is_refused()
    {
        var net = new OnnxBuilder();
        net.Weight("huge", [1L << 40, 1L << 40], [1f]);
        net.Output(net.Node("Add", [net.Input("x", [1, 4]), "huge"]));
        Assert.Contains("is too large", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConstantOfShape")]
    [InlineData("Expand")]
    [InlineData("Tile")]
    [InlineData("Range")]
    public void An_operator_that_would_make_a_terabyte_is_refused(string op)
    {
        var net = new OnnxBuilder();
        var size = net.Weight("size", [2], [1L << 20, 1L << 20]);
        var one = net.Weight("one", [1, 1], [1f]);
        var made = op switch
        {
            "ConstantOfShape" => net.Node(op, [size]),
            "Range" => net.Node(op, [net.Weight("from", [], [0L]), net.Weight("to", [], [1L << 50]), net.Weight("by", [], [1L])]),
            _ => net.Node(op, [one, size]),
        };
        net.Output(net.Node("Mul", [net.Input("x", [1, 1]), made]));
        Assert.Contains("is too large", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_values_than_declared_are_counted()
    {
        var net = new OnnxBuilder();
        net.Weight("w", [2, 3], [1f, 2]);
        net.Output(net.Node("Add", [net.Input("x", [1, 3]), "w"]));
        Assert.Contains("`w` declares the shape (2, 3) of float32, 24 bytes, but has 8", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void NaN_among_the_weights_names_the_weight()
    {
        var net = new OnnxBuilder();
        net.Weight("features.0.weight", [3], [1f, float.NaN, 2]);
        net.Output(net.Node("Add", [net.Input("x", [1, 3]), "features.0.weight"]));
        Assert.Contains("the weight `features.0.weight` holds NaN", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_missing_is_listed_with_domain_version_and_first_node()
    {
        var net = new OnnxBuilder(opset: 17);
        net.Node("Frobnicate", [net.Input("x", [1, 3])], ["a"], node: "first");
        net.Node("Relu", ["a"], ["b"]).Node("Frobnicate", ["b"], ["c"]).Node("Attend", ["c"], ["d"], domain: "com.example");
        var message = Toy.Refusal(net.Output("d"));
        Assert.Contains("2 operators that are not supported: Frobnicate (opset 17, first at `first` of 2); com.example.Attend (opset 1, first at the Attend that gives `d`)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_nothing_gives_is_named()
    {
        var net = new OnnxBuilder();
        net.Output(net.Node("Add", [net.Input("x", [1, 3]), "lost"]));
        Assert.Contains("reads `lost`, which no input, weight or node gives", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_out_of_order_or_in_a_circle_are_refused()
    {
        var unsorted = new OnnxBuilder();
        unsorted.Input("x", [1, 3]);
        unsorted.Node("Relu", ["late"], ["y"]).Node("Neg", ["x"], ["late"]).Output("y");
        Assert.Contains("reads `late` before any node gives it", Toy.Refusal(unsorted), StringComparison.Ordinal);
        var circle = new OnnxBuilder();
        circle.Node("Add", [circle.Input("x", [1, 3]), "b"], ["a"]).Node("Relu", ["a"], ["b"]).Output("b");
        Assert.Contains("reads `b` before any node gives it", Toy.Refusal(circle), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_given_twice_is_refused()
    {
        var net = new OnnxBuilder();
        net.Node("Relu", [net.Input("x", [1, 3])], ["y"]).Node("Neg", ["x"], ["y"]).Output("y");
        Assert.Contains("gives `y`, which is given already", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_without_outputs_is_refused()
    {
        var net = new OnnxBuilder();
        net.Node("Relu", [net.Input("x", [1, 3])], ["y"]);
        Assert.Contains("declares no output", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_inputs_it_needs_is_refused()
    {
        var net = new OnnxBuilder();
        net.Node("Conv", [net.Input("x", [1, 1, 4, 4])], ["y"]).Output("y");
        Assert.Contains("input 2 is missing", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_that_call_themselves_or_multiply_without_end_are_refused()
    {
        var body = new OnnxBuilder();
        body.Node("Again", [body.Input("a", [])], ["b"], domain: "own").Output("b");
        var net = new OnnxBuilder().Function("Again", "own", body);
        net.Node("Again", [net.Input("x", [1, 3])], ["y"], domain: "own").Output("y");
        Assert.Contains("calls itself", Toy.Refusal(net), StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_nested_without_end_are_refused()
    {
        var deep = Enumerable.Range(0, 40).Aggregate(new OnnxBuilder(), (inner, _) =>
        {
            var outer = new OnnxBuilder();
            return outer.Node("If", ["c"], ["y"], attributes: [("then_branch", inner)]).Output("y");
        });
        Assert.Contains("nested more than 32 deep", Toy.Refusal(deep), StringComparison.Ordinal);
    }

    [Fact]
    public void Sparse_weights_are_refused_by_name()
    {
        var sparse = new WireWriter().Message(1, new WireWriter().Int64(2, 1).Text(8, "pruned"));
        var graph = new WireWriter().Message(15, sparse);
        var message = Toy.Refusal(new WireWriter().Int64(1, 8).Message(7, graph).Written.ToArray());
        Assert.Contains("the weight `pruned` is stored as a sparse tensor", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_files_leave_no_tensor_alive()
    {
        var net = new OnnxBuilder();
        net.Weight("a", [3], [1f, 2, 3]);
        net.Weight("b", [3], [1f, float.NaN, 3]);
        net.Output(net.Node("Add", [net.Node("Add", [net.Node("Neg", ["a"]), net.Input("x", [1, 3])]), "b"]));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Toy.Refusal(net);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Mutated_networks_are_opened_or_refused_and_nothing_else_happens() => Mutate(Network().ToArray(), Mutation.Rounds(2000));

    [SkippableTheory]
    [InlineData("gap")]
    [InlineData("residual")]
    [InlineData("mobile")]
    [InlineData("vit")]
    public void Mutated_reference_networks_are_opened_or_refused_and_nothing_else_happens(string name) =>
        Mutate(File.ReadAllBytes(new ConformanceCase(name).ModelFile("onnx")), Mutation.Rounds(100));

    private static void Mutate(byte[] file, int rounds)
    {
        var random = new Random(5);
        for (var round = 0; round < rounds; round++)
        {
            var (mutated, watch) = (Mutation.Of(file, random), Stopwatch.StartNew());
            try
            {
                Toy.Open(mutated).Dispose();
            }
            catch (InputException error)
            {
                Assert.True(error.Message.Length < 4000, error.Message);
            }
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Round {round} took {watch.Elapsed}.");
        }
    }

    // Convolution, batch norm, pool, reshape by a computed shape, product: something of every kind that a mutation may hit.
    private static OnnxBuilder Network()
    {
        var net = new OnnxBuilder();
        var x = net.Input("image", [1, 1, 8, 8]);
        var conv = net.Node("Conv", [x, net.Weight("conv.weight", [2, 1, 3, 3], Numbers(18)), net.Weight("conv.bias", [2], Numbers(2))],
            ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 1, 1 }), ("group", 1));
        var norm = net.Node("BatchNormalization", [conv, net.Weight("s", [2], Numbers(2)), net.Weight("b", [2], Numbers(2)), net.Weight("m", [2], Numbers(2)), net.Weight("v", [2], Numbers(2))],
            ("epsilon", 1e-5f));
        var pool = net.Node("MaxPool", [net.Node("Relu", [norm])], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        var rows = net.Node("Gather", [net.Node("Shape", [pool]), net.Weight("first", [1], [0L])], ("axis", 0));
        var shape = net.Node("Concat", [rows, net.Weight("rest", [1], [-1L])], ("axis", 0));
        var flat = net.Node("Reshape", [pool, shape]);
        return net.Output(net.Node("Gemm", [flat, net.Weight("fc.weight", [3, 32], Numbers(96)), net.Weight("fc.bias", [3], Numbers(3))], ("transB", 1)), "scores");
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => 1f / i)];
}
