using ModelInspector.Models.Onnx;

namespace ModelInspector.Torch.Tests.Costs;

/// <summary>Chains of nodes with positive weights on one channel of 48 × 40.</summary>
internal sealed class Net
{
    private readonly OnnxBuilder net = new("net", 17);
    private string at;
    private int count;

    public Net() => at = net.Input("x", [1, 1, 48, 40]);

    public OnnxBuilder Finished() => net.Output(at);

    public Net Node(string op, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        at = net.Node(op, [at], attributes);
        return this;
    }

    public Net Convolution(long rows, long columns, long stride = 1, long dilation = 1, long[]? pads = null, long channels = 1, long to = 0)
    {
        var (high, wide, filters) = (dilation * (rows - 1) / 2, dilation * (columns - 1) / 2, to > 0 ? to : channels);
        at = net.Node("Conv", [at, Positive([filters, channels, rows, columns])],
            ("strides", new[] { stride, stride }), ("dilations", new[] { dilation, dilation }), ("pads", pads ?? [high, wide, high, wide]));
        return this;
    }

    public Net Pool(long size, long stride) => Node("AveragePool", ("kernel_shape", new[] { size, size }), ("strides", new[] { stride, stride }));

    public Net Transposed(long size, long stride, long pad = 0)
    {
        at = net.Node("ConvTranspose", [at, Positive([1, 1, size, size])], ("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
        return this;
    }

    public Net Residual(Action<Net> block)
    {
        var before = at;
        block(this);
        at = net.Node("Add", [before, at]);
        return this;
    }

    public Net Fork(Action<Net> left, Action<Net> right)
    {
        var before = at;
        left(this);
        (var first, at) = (at, before);
        right(this);
        at = net.Node("Concat", [first, at], ("axis", 1L));
        return this;
    }

    public Net Slice(long[] starts, long[] steps)
    {
        at = net.Node("Slice", [at, Numbers(starts), Numbers(1000, 1000), Numbers(2, 3), Numbers(steps)]);
        return this;
    }

    public Net Pad(long[] pads)
    {
        at = net.Node("Pad", [at, Numbers(0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3])]);
        return this;
    }

    public Net Transpose(params long[] order) => Node("Transpose", ("perm", order));

    public Net Reshape(params long[] shape)
    {
        at = net.Node("Reshape", [at, Numbers(shape)]);
        return this;
    }

    public Net Resize(string mode)
    {
        at = net.Node("Resize", [at, "", net.Weight($"w{count++}", [4], new float[] { 1, 1, 2, 2 })], ("mode", mode));
        return this;
    }

    /// <summary>(1, d, T) → attention of every position to every other.</summary>
    public Net Attention()
    {
        var turned = net.Node("Transpose", [at], ("perm", new long[] { 0, 2, 1 }));
        at = net.Node("MatMul", [at, net.Node("Softmax", [net.Node("MatMul", [turned, at])], ("axis", -1L))]);
        return this;
    }

    public Net Gate()
    {
        at = net.Node("Mul", [at, net.Node("Sigmoid", [net.Node("GlobalAveragePool", [at])])]);
        return this;
    }

    public Net InstanceNorm()
    {
        at = net.Node("InstanceNormalization", [at, Positive([2]), Positive([2])]);
        return this;
    }

    private string Numbers(params long[] values) => net.Weight($"n{count++}", [values.Length], values);

    private string Positive(long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        Array.Fill(values, 0.5f);
        return net.Weight($"w{count++}", shape, values);
    }
}
