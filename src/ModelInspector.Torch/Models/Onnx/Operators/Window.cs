using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>A window that slides over an image: what convolutions and pools have in common.</summary>
/// <param name="Strides">Steps; empty for 1 along each axis.</param>
/// <param name="Dilations">Distances between elements; empty for 1.</param>
/// <param name="Pads">Begin of each axis, then end of each axis; empty for 0.</param>
/// <param name="Auto">ONNX's <c>auto_pad</c>.</param>
internal sealed record Window(long[] Strides, long[] Dilations, long[] Pads, string Auto)
{
    public static Window Of(Operation node)
    {
        var window = new Window(node.Ints("strides") ?? [], node.Ints("dilations") ?? [], node.Ints("pads") ?? [], node.Text("auto_pad", "NOTSET"));
        if (window.Strides.Any(stride => stride < 1) || window.Dilations.Any(distance => distance < 1))
            throw node.Refused("has strides or dilations below 1");
        return window;
    }

    /// <summary>The same window with a number for each axis.</summary>
    public Window For(int axes)
    {
        if (Strides.Length == axes && Dilations.Length == axes && Pads.Length == 2 * axes) return this;
        return this with { Strides = Filled(Strides, axes, 1), Dilations = Filled(Dilations, axes, 1), Pads = Filled(Pads, 2 * axes, 0) };
    }

    /// <summary>The window for an input of known size: automatic padding is worked out.</summary>
    /// <param name="input">Input, (N, C, spatial axes).</param>
    /// <param name="kernel">Size of the window.</param>
    public Window On(Tensor input, long[] kernel)
    {
        var window = For(kernel.Length);
        if (Auto is "NOTSET" or "") return window;
        if (Auto == "VALID") return window with { Pads = new long[2 * kernel.Length] };
        var pads = new long[2 * kernel.Length];
        for (var axis = 0; axis < kernel.Length; axis++)
        {
            var size = input.shape[axis + 2];
            var steps = (size + window.Strides[axis] - 1) / window.Strides[axis];
            var total = Math.Max(0, ((steps - 1) * window.Strides[axis]) + ((kernel[axis] - 1) * window.Dilations[axis]) + 1 - size);
            pads[axis] = Auto == "SAME_LOWER" ? (total + 1) / 2 : total / 2;
            pads[axis + kernel.Length] = total - pads[axis];
        }
        return window with { Pads = pads };
    }

    /// <summary>Padding at the begin of each axis.</summary>
    public long[] Begin => Pads[..(Pads.Length / 2)];

    /// <summary>Padding at the end of each axis.</summary>
    public long[] End => Pads[(Pads.Length / 2)..];

    public bool IsSymmetric => Begin.AsSpan().SequenceEqual(End) && Pads.All(pad => pad >= 0);

    /// <summary>Pads in libtorch's order: last axis first, begin and end together.</summary>
    public static long[] Interleaved(long[] begin, long[] end) =>
        [.. Enumerable.Range(0, begin.Length).Reverse().SelectMany(axis => new[] { begin[axis], end[axis] })];

    private static long[] Filled(long[] given, int count, long value)
    {
        if (given.Length == 0) return [.. Enumerable.Repeat(value, count)];
        return given.Length == count ? given
            : throw new InputException($"it has {given.Length} numbers where {count} are needed: strides, dilations or pads do not fit the input");
    }
}
