using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Larger and smaller images, in every coordinate mode of the format.</summary>
internal sealed class Resizing : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("Resize", node => Resize(node, "asymmetric", "outward", scalesAt: 1, sizesAt: -1)) { Since = 10, Settings = [1] },
        new("Resize", node => Resize(node, "half_pixel", "round_prefer_floor", scalesAt: 2, sizesAt: 3)) { Since = 11, Settings = [1, 2] },
        new("Upsample", node => Resize(node, "asymmetric", "outward", scalesAt: 1, sizesAt: -1)) { Since = 7, Settings = [1] },
    ];

    private static Kernel Resize(Operation node, string coordinates, string rounding, int scalesAt, int sizesAt)
    {
        var rule = new ResizeRule(
            node.Text("mode", "nearest"),
            node.Text("coordinate_transformation_mode", coordinates),
            node.Text("nearest_mode", rounding),
            node.Float("cubic_coeff_a", -0.75f),
            node.Flag("exclude_outside"),
            node.Flag("antialias"),
            node.Float("extrapolation_value", 0));
        var (axes, policy) = (node.Ints("axes"), node.Text("keep_aspect_ratio_policy", "stretch"));
        var known = node.Floats("scales")?.Select(scale => (double)scale).ToArray() ?? node.Constant(scalesAt)?.Doubles();
        var sizes = sizesAt < 0 ? null : node.ConstantLongs(sizesAt);
        return inputs =>
        {
            var x = inputs.At(0);
            var scales = known ?? inputs.TryAt(scalesAt)?.Doubles() ?? [];
            var wanted = sizes ?? (sizesAt < 0 ? null : inputs.TryAt(sizesAt)?.Longs()) ?? [];
            var region = scalesAt == 2 && rule.Coordinates == "tf_crop_and_resize" ? inputs.At(1).Doubles() : [];
            return [Resized(x, rule, Plan(x, rule, axes, scales, wanted, region, policy))];
        };
    }

    private static AxisPlan[] Plan(Tensor x, ResizeRule rule, long[]? axes, double[] scales, long[] sizes, double[] region, string policy)
    {
        var along = axes?.Select(axis => (int)x.Axis(axis)).ToArray() ?? [.. Enumerable.Range(0, (int)x.Dimensions)];
        if (scales.Length != along.Length && sizes.Length != along.Length)
            throw new InputException($"{scales.Length} scales and {sizes.Length} sizes are given for {along.Length} axes");
        var common = policy == "stretch" || sizes.Length == 0 ? (double?)null
            : policy == "not_larger" ? along.Select((axis, i) => (double)sizes[i] / x.shape[axis]).Min()
            : along.Select((axis, i) => (double)sizes[i] / x.shape[axis]).Max();
        return [.. along.Select((axis, i) =>
        {
            var input = x.shape[axis];
            var scale = scales.Length > 0 ? scales[i] : common ?? (double)sizes[i] / input;
            if (!(scale > 0 && double.IsFinite(scale))) throw new InputException($"the scale {scale} is no positive number");
            var output = scales.Length > 0 ? (long)Math.Floor(input * scale) : common is null ? sizes[i] : (long)Math.Floor((input * scale) + 0.5);
            var (start, end) = region.Length == 2 * along.Length ? (region[i], region[i + along.Length]) : (0, 1);
            return new AxisPlan(axis, input, output, scale, start, end);
        }).Where(plan => plan.Output != plan.Input || rule.Coordinates == "tf_crop_and_resize")];
    }

    private static Tensor Resized(Tensor x, ResizeRule rule, AxisPlan[] plans)
    {
        var target = x.shape;
        foreach (var plan in plans) target[plan.Axis] = plan.Output;
        Sizes.Allowed(target);
        if (Direct(x, rule, plans, target[^2..]) is { } direct) return direct;
        var real = x.is_floating_point() ? x : x.to(ScalarType.Float32);
        var result = plans.Aggregate(real, (part, plan) => rule.Mode == "nearest" ? Nearest(part, rule, plan) : Weighted(part, rule, plan));
        return (rule.Coordinates == "tf_crop_and_resize" ? Extrapolated(result, rule, plans) : result).to(x.dtype);
    }

    // The common cases, for which libtorch has its own fast kernels.
    private static Tensor? Direct(Tensor x, ResizeRule rule, AxisPlan[] plans, long[] size)
    {
        var isExact = x.is_floating_point() && x.Dimensions == 4 && plans.Length > 0
            && plans.All(plan => plan.Axis >= 2 && Math.Abs(plan.Output - (plan.Input * plan.Scale)) < 1e-6);
        if (!isExact || rule.Antialias || (rule.ExcludeOutside && rule.Mode == "cubic")) return null;
        var isHalf = rule.Coordinates is "half_pixel" or "pytorch_half_pixel" && plans.All(plan => plan.Output > 1);
        var isAligned = rule.Coordinates == "align_corners" && plans.Length == 2;
        return rule.Mode switch
        {
            "nearest" when rule is { Coordinates: "asymmetric", Rounding: "floor" or "outward" } && plans.All(plan => plan.Output % plan.Input == 0)
                => F.interpolate(x, size),
            "linear" when isHalf || isAligned => F.interpolate(x, size, mode: InterpolationMode.Bilinear, align_corners: isAligned),
            "cubic" when (isHalf || isAligned) && rule.Cubic == -0.75f => F.interpolate(x, size, mode: InterpolationMode.Bicubic, align_corners: isAligned),
            _ => null,
        };
    }

    private static Tensor Nearest(Tensor x, ResizeRule rule, AxisPlan plan) =>
        x.index_select(plan.Axis, tensor([.. rule.Coordinate(plan).Select(at => Math.Clamp(rule.Rounded(at, plan), 0, plan.Input - 1))], ScalarType.Int64, x.device));

    private static Tensor Weighted(Tensor x, ResizeRule rule, AxisPlan plan)
    {
        var weights = new float[plan.Output * plan.Input];
        foreach (var (row, at) in rule.Coordinate(plan).Index())
            foreach (var (index, weight) in rule.Taps(at, plan))
                weights[(row * plan.Input) + index] += (float)weight;
        var matrix = tensor(weights, ScalarType.Float32, x.device).reshape(plan.Output, plan.Input);
        return x.transpose(plan.Axis, -1).matmul(matrix.t()).transpose(plan.Axis, -1);
    }

    private static Tensor Extrapolated(Tensor x, ResizeRule rule, AxisPlan[] plans)
    {
        foreach (var plan in plans)
        {
            var inside = rule.Coordinate(plan).Select(at => at >= 0 && at <= plan.Input - 1).ToArray();
            long[] along = [.. Enumerable.Range(0, (int)x.Dimensions).Select(axis => axis == plan.Axis ? plan.Output : 1L)];
            x = where(tensor(inside, device: x.device).reshape(along), x, full_like(x, rule.Extrapolation));
        }
        return x;
    }
}
