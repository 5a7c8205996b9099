using ModelInspector.Models.Onnx;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>A second opinion: what ONNX Runtime says of the same files.</summary>
public class PeerTests
{
    /// <summary>More networks to compare, where a folder of them is named.</summary>
    private static string? Further => Environment.GetEnvironmentVariable("MODELINSPECTOR_MODELS");

    // The super-resolution network names no operator set, so ONNX Runtime does not open it.
    [SkippableTheory]
    [InlineData("cifar-resnet20", 1e-4)]
    [InlineData("fashion-cnn", 1e-4)]
    [InlineData("mnist-cntk", 1e-4)]
    [InlineData("squeezenet-imagenet-fp16", 2e-2)] // ONNX Runtime computes it in half precision
    [InlineData("ultraface-rfb-320", 1e-4)]
    [InlineData("fastestdet-coco", 1e-4)]
    public void A_real_network_gives_what_ONNX_Runtime_gives(string name, double tolerance) =>
        Peer.Agrees(Path.Combine(Shared.Folder("real"), "models", name + ".onnx"), tolerance);

    [SkippableFact]
    public void Every_network_of_a_folder_gives_what_ONNX_Runtime_gives()
    {
        Skip.If(Further is null, "No folder of networks is named by MODELINSPECTOR_MODELS.");
        foreach (var file in Directory.GetFiles(Further!, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) Peer.Agrees(file, 1e-3);
    }

    // Before version 11 an operator had one grid, which is not the one PyTorch means by align_corners=False: what its exporter
    // writes for such versions differs from PyTorch itself.
    [SkippableTheory]
    [InlineData("Upsample", 8)]
    [InlineData("Upsample", 9)]
    [InlineData("Resize", 10)]
    public void Images_are_resized_on_the_old_grid_before_version_11(string op, int opset)
    {
        var net = new OnnxBuilder("old", opset);
        net.Input("x", [1, 2, 6, 10]);
        foreach (var mode in new[] { "nearest", "linear" })
            foreach (var scale in op == "Resize" ? [2, 1.5f, 0.5f, 0.6f, 0.75f] : new[] { 1, 2, 1.5f, 3 })
                Resize(net, op, opset, mode, scale);
        Peer.Agrees(net, 1e-5);
    }

    [SkippableTheory]
    [InlineData("nearest", "half_pixel", "round_prefer_floor")]
    [InlineData("nearest", "half_pixel", "round_prefer_ceil")]
    [InlineData("nearest", "asymmetric", "floor")]
    [InlineData("nearest", "asymmetric", "ceil")]
    [InlineData("nearest", "align_corners", "round_prefer_floor")]
    [InlineData("linear", "half_pixel", "floor")]
    [InlineData("linear", "pytorch_half_pixel", "floor")]
    [InlineData("linear", "asymmetric", "floor")]
    [InlineData("linear", "align_corners", "floor")]
    [InlineData("cubic", "half_pixel", "floor")]
    [InlineData("cubic", "asymmetric", "floor")]
    public void Images_are_resized_on_the_grid_that_is_named(string mode, string coordinates, string rounding)
    {
        var net = new OnnxBuilder("named", 13);
        net.Input("x", [1, 2, 6, 10]);
        foreach (var scale in new[] { 2, 1.5f, 0.5f })
            net.Output(net.Node("Resize", ["x", "", net.Weight($"by {scale}", [4], [1f, 1, scale, scale])],
                ("mode", mode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", rounding)));
        Peer.Agrees(net, 1e-5);
    }

    // Equal weights, as in the standard's light networks, give every class the same score. Where scores are so large that neighbouring
    // numbers lie further apart than a softmax tells apart, its output is decided by rounding; the scores still have to agree.
    [SkippableFact]
    public void Equal_scores_of_billions_agree_with_ONNX_Runtime_and_with_double_precision_though_their_softmax_cannot()
    {
        var (theirs, ours) = (Peer.Both(Equal())[0].Theirs, Peer.Both(Equal())[0].Ours);
        var exactly = Replica.InDouble(Equal());
        Assert.All(exactly["probabilities"].Values, value => Assert.Equal(1f / 32, value, 1e-6));
        Assert.True(MathF.BitIncrement(theirs.Values[0]) - theirs.Values[0] > 10, "the scores are too small to say anything");
        Near.Equal(exactly["scores"], ours, 3e-6, "our scores");
        Near.Equal(exactly["scores"], theirs, 3e-6, "their scores");
    }

    private static OnnxBuilder Equal()
    {
        var net = new OnnxBuilder();
        var x = net.Input("x", [1, 32, 7, 7]);
        for (var layer = 0; layer < 4; layer++)
            x = net.Node("Conv", [x, net.Weight($"w{layer}", [32, 32, 3, 3], [.. Enumerable.Repeat(1.3f, 32 * 32 * 9)])], ("pads", new long[] { 1, 1, 1, 1 }));
        net.Output(net.Node("Flatten", [net.Node("GlobalAveragePool", [x])]), "scores");
        return net.Output(net.Node("Softmax", ["scores"], ("axis", -1)), "probabilities");
    }

    private static void Resize(OnnxBuilder net, string op, int opset, string mode, float scale)
    {
        float[] scales = [1, 1, scale, scale];
        var output = opset < 9
            ? net.Node(op, ["x"], ("mode", mode), ("scales", scales))
            : net.Node(op, ["x", net.Weight($"{mode} {scale}", [4], scales)], ("mode", mode));
        net.Output(output);
    }
}
