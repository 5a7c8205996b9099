using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>Which operation is of which kind, in both formats.</summary>
internal static class Operations
{
    private static readonly Dictionary<string, OpKind> Kinds = Named(
        (OpKind.Moves, "Reshape Flatten Transpose Squeeze Unsqueeze Concat Split Slice Gather GatherElements GatherND Pad Expand Identity Dropout Cast Tile DepthToSpace SpaceToDepth "
            + "aten::reshape aten::view aten::flatten aten::unflatten aten::permute aten::transpose aten::t aten::movedim aten::squeeze aten::unsqueeze aten::cat aten::stack aten::chunk "
            + "aten::split aten::split_with_sizes aten::unbind aten::slice aten::select aten::narrow aten::index aten::index_select aten::gather aten::expand aten::expand_as aten::repeat "
            + "aten::contiguous aten::clone aten::to aten::detach aten::alias aten::dropout aten::feature_dropout aten::dropout_ aten::constant_pad_nd aten::pad aten::pixel_shuffle "
            + "aten::pixel_unshuffle aten::channel_shuffle aten::roll aten::flip aten::type_as aten::float aten::unfold aten::numpy_T"),
        (OpKind.Weighted, string.Join(' ', Convolutions.Straight.Concat(Convolutions.Transposed)) + " Gemm MatMul aten::linear aten::addmm aten::matmul aten::mm aten::bmm aten::baddbmm aten::addmv aten::mv"),
        (OpKind.Affine, "Add Sub Sum Mean ReduceMean ReduceSum AveragePool GlobalAveragePool BatchNormalization Resize Upsample "
            + "aten::add aten::add_ aten::sub aten::sub_ aten::rsub aten::mean aten::sum aten::avg_pool1d aten::avg_pool2d aten::avg_pool3d aten::adaptive_avg_pool1d "
            + "aten::adaptive_avg_pool2d aten::adaptive_avg_pool3d aten::batch_norm aten::upsample_nearest2d aten::upsample_bilinear2d aten::upsample_nearest3d aten::upsample_trilinear3d "
            + "aten::upsample_nearest1d aten::upsample_linear1d aten::upsample_bicubic2d"),
        (OpKind.Elementwise, "Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Erf Gelu QuickGelu Mish Swish Clip Exp Log Sqrt Pow "
            + "Reciprocal Abs Neg Shrink Sin Cos Softmax LogSoftmax aten::relu aten::relu_ aten::relu6 aten::relu6_ aten::leaky_relu aten::leaky_relu_ aten::prelu aten::rrelu aten::elu aten::elu_ "
            + "aten::selu aten::selu_ aten::celu aten::celu_ aten::sigmoid aten::sigmoid_ aten::hardsigmoid aten::hardsigmoid_ aten::hardswish aten::hardswish_ aten::hardtanh aten::hardtanh_ "
            + "aten::tanh aten::tanh_ aten::softplus aten::softsign aten::erf aten::gelu aten::mish aten::mish_ aten::silu aten::silu_ aten::clamp aten::clamp_ aten::clamp_min aten::clamp_max "
            + "aten::threshold aten::threshold_ aten::exp aten::log aten::sqrt aten::rsqrt aten::pow aten::square aten::reciprocal aten::abs aten::neg aten::hardshrink aten::softshrink "
            + "aten::sin aten::cos aten::log_sigmoid aten::softmax aten::log_softmax"),
        (OpKind.Product, "Mul aten::mul aten::mul_"),
        (OpKind.Quotient, "Div aten::div aten::div_ aten::true_divide"),
        (OpKind.Maximum, "MaxPool GlobalMaxPool ReduceMax aten::max_pool1d aten::max_pool2d aten::max_pool3d aten::adaptive_max_pool1d aten::adaptive_max_pool2d aten::adaptive_max_pool3d "
            + "aten::amax aten::max"),
        (OpKind.Normalisation, "LayerNormalization InstanceNormalization aten::layer_norm aten::instance_norm"));

    private static readonly HashSet<string> Shares = ["Softmax", "LogSoftmax", "aten::softmax", "aten::log_softmax"];

    private static readonly Dictionary<string, int> Gates = new()
    {
        ["Softmax"] = 2,
        ["aten::softmax"] = 2,
        ["Sigmoid"] = 2,
        ["aten::sigmoid"] = 2,
        ["aten::sigmoid_"] = 2,
        ["HardSigmoid"] = 2,
        ["aten::hardsigmoid"] = 2,
        ["aten::hardsigmoid_"] = 2,
        ["Erf"] = 2,
        ["aten::erf"] = 2,
        ["Tanh"] = 1,
        ["aten::tanh"] = 1,
        ["aten::tanh_"] = 1,
    };

    /// <summary>What a step does to what comes from the input.</summary>
    public static OpKind Kind(RecordedStep step)
    {
        if (step.Layer is null) return OpKind.Moves;
        var kind = Kinds.GetValueOrDefault(step.Layer.Op);
        var fed = step.FromInput.Count(from => from);
        return kind switch
        {
            OpKind.Weighted when fed > 1 => OpKind.Product,
            OpKind.Product or OpKind.Quotient when fed == 1 => SameShape(step) ? OpKind.Elementwise : OpKind.Affine,
            OpKind.Elementwise when fed > 1 || !SameShape(step) => OpKind.Other,
            _ => kind,
        };
    }

    /// <summary>Whether a step shares out one among many: soft-max, which is no function of each value alone.</summary>
    public static bool IsSoftmax(RecordedStep step) => step.Layer is not null && Shares.Contains(step.Layer.Op);

    /// <summary>How much of a gate an operation makes of what it gives: 2 for soft-max and the like, 1 for tanh, 0 for none.</summary>
    public static int Gate(RecordedStep step) => step.Layer is null ? 0 : Gates.GetValueOrDefault(step.Layer.Op);

    private static bool SameShape(RecordedStep step) =>
        step.Outputs[0] is Tensor output && step.Inputs[step.FromInput.IndexOf(true)] is Tensor input && input.shape.AsSpan().SequenceEqual(output.shape);

    private static Dictionary<string, OpKind> Named(params (OpKind Kind, string Ops)[] groups) =>
        groups.SelectMany(group => group.Ops.Split(' ').Select(op => (op, group.Kind))).ToDictionary(pair => pair.op, pair => pair.Kind);
}
