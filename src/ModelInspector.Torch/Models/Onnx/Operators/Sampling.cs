using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Images read at computed places, regions pooled, boxes thinned out.</summary>
internal sealed class Sampling : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("GridSample", GridSample) { Since = 16, Settings = [1] },
        new("AffineGrid", node =>
        {
            var isAligned = node.Flag("align_corners");
            return Kernels.Of((theta, size) => F.affine_grid(theta, Sizes.Allowed(size.Longs()), isAligned));
        }) { Since = 20 },
        new("RoiAlign", RoiAlign) { Since = 10 },
        Operator.Giving(ValueKind.Whole, "NonMaxSuppression", NonMaxSuppression, since: 10),
        Window("HannWindow", 0.5, 0.5, 0),
        Window("HammingWindow", 25.0 / 46, 21.0 / 46, 0),
        Window("BlackmanWindow", 0.42, 0.5, 0.08),
    ];

    private static Kernel GridSample(Operation node)
    {
        var (mode, padding) = (node.Text("mode", "bilinear"), node.Text("padding_mode", "zeros"));
        var isAligned = node.Flag("align_corners");
        if (mode is "bicubic" or "cubic") return Kernels.Of(new CubicSampling(padding, isAligned).Sample);
        var how = mode == "nearest" ? GridSampleMode.Nearest : GridSampleMode.Bilinear;
        var beyond = padding switch
        {
            "border" => GridSamplePaddingMode.Border,
            "reflection" => GridSamplePaddingMode.Reflection,
            _ => GridSamplePaddingMode.Zeros,
        };
        return Kernels.Of((x, grid) => F.grid_sample(x, grid, how, beyond, isAligned));
    }

    private static Kernel RoiAlign(Operation node)
    {
        var shift = node.Text("coordinate_transformation_mode", node.Version >= 16 ? "half_pixel" : "output_half_pixel") == "half_pixel" ? 0.5 : 0;
        var (height, width) = (node.Int("output_height", 1), node.Int("output_width", 1));
        var (ratio, scale) = (node.Int("sampling_ratio", 0), node.Float("spatial_scale", 1));
        if (node.Text("mode", "avg") != "avg") throw node.Refused("pools regions by their maximum, which is not supported; by their average is");
        return Kernels.Of((x, boxes, batches) =>
        {
            var (corners, of) = (boxes.Doubles(), batches.Longs());
            var regions = of.Select((batch, i) => Region(x.select(0, batch),
                [.. corners[(4 * i)..((4 * i) + 4)].Select(corner => (corner * scale) - shift)], height, width, ratio, shift == 0));
            return stack(regions.ToArray());                                                      // (regions, C, height, width)
        });
    }

    private static Tensor Region(Tensor image, double[] box, long height, long width, long ratio, bool atLeastOne)
    {
        var (tall, wide) = (box[3] - box[1], box[2] - box[0]);
        if (atLeastOne) (tall, wide) = (Math.Max(tall, 1), Math.Max(wide, 1));
        var rows = Places(box[1], tall / height, height, ratio > 0 ? ratio : (long)Math.Ceiling(tall / height), image.shape[1]);
        var columns = Places(box[0], wide / width, width, ratio > 0 ? ratio : (long)Math.Ceiling(wide / width), image.shape[2]);
        return rows.to(image.device).matmul(image).matmul(columns.to(image.device).t());
    }

    // Each output cell is the mean of evenly spread samples: a matrix of their linear weights, (cells, positions).
    private static Tensor Places(double start, double cell, long cells, long samples, long size)
    {
        Sizes.Allowed(cells, size);
        var weights = new float[cells * size];
        for (var i = 0L; i < cells * samples; i++)
        {
            var at = start + (((i / samples) + (((i % samples) + 0.5) / samples)) * cell);
            if (at < -1 || at > size) continue;
            var inside = Math.Clamp(at, 0, size - 1);
            var low = (long)inside;
            weights[(i / samples * size) + low] += (float)((1 - (inside - low)) / samples);
            if (low + 1 < size) weights[(i / samples * size) + low + 1] += (float)((inside - low) / samples);
        }
        return tensor(weights).reshape(cells, size);
    }

    private static Kernel NonMaxSuppression(Operation node)
    {
        var isCentred = node.Flag("center_point_box");
        return inputs =>
        {
            var (boxes, scores) = (inputs.At(0), inputs.At(1));
            var most = inputs.TryAt(2)?.Longs().FirstOrDefault() ?? 0;
            var (overlap, least) = (inputs.TryAt(3)?.Doubles().FirstOrDefault() ?? 0, inputs.TryAt(4)?.Doubles().FirstOrDefault() ?? double.NegativeInfinity);
            var (corners, values) = (boxes.Doubles(), scores.Doubles());
            var (count, classes) = ((int)boxes.shape[1], (int)scores.shape[1]);
            var chosen = new List<long>();
            for (var plane = 0; plane < (int)scores.shape[0] * classes; plane++)
            {
                var (sample, own) = (plane / classes * count * 4, plane * count);
                foreach (var box in Thinned(corners[sample..(sample + (count * 4))], values[own..(own + count)], most, overlap, least, isCentred))
                    chosen.AddRange([plane / classes, plane % classes, box]);
            }
            return [tensor(chosen.ToArray(), ScalarType.Int64).reshape(-1, 3)];
        };
    }

    private static List<int> Thinned(double[] boxes, double[] scores, long most, double overlap, double least, bool isCentred)
    {
        var kept = new List<int>();
        foreach (var box in Enumerable.Range(0, scores.Length).Where(i => scores[i] > least).OrderByDescending(i => scores[i]))
        {
            if (kept.Count >= most) break;
            if (kept.All(other => Box.Of(boxes, box, isCentred).Overlap(Box.Of(boxes, other, isCentred)) <= overlap)) kept.Add(box);
        }
        return kept;
    }

    private static Operator Window(string name, double constant, double once, double twice) => Operator.Giving(ValueKind.Real, name, node =>
    {
        var periodic = node.Flag("periodic", true);
        return Kernels.Of(size =>
        {
            var count = size.Longs()[0];
            Sizes.Allowed(count);
            var angle = arange(count, ScalarType.Float32).mul(2 * Math.PI / (periodic ? count : count - 1));
            return constant - (angle.cos() * once) + (angle.mul(2).cos() * twice);
        });
    }, since: 17);
}
