using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>The largest value of each window over 1 dimension.</summary>
public sealed class MaxPool1d : ParameterLessModule<Tensor, Tensor>
{
    internal MaxPool1d(long[] kernel_size, long[] stride, long[] padding, long[] dilation, bool ceil_mode) : base(nameof(MaxPool1d)) =>
        (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; set; }
    public long[] dilation { get; set; }
    public bool ceil_mode { get; set; }

    /// <summary>The maxima and where they are, counted along the flattened spatial dimensions.</summary>
    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor input) =>
        F.max_pool1d_with_indices(input, kernel_size[0], stride[0], padding[0], dilation[0], ceil_mode);

    public override Tensor forward(Tensor input) => F.max_pool1d(input, kernel_size[0], stride[0], padding[0], dilation[0], ceil_mode);
}

/// <summary>The largest value of each window over 2 dimensions.</summary>
public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal MaxPool2d(long[] kernel_size, long[] stride, long[] padding, long[] dilation, bool ceil_mode) : base(nameof(MaxPool2d)) =>
        (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; set; }
    public long[] dilation { get; set; }
    public bool ceil_mode { get; set; }

    /// <summary>The maxima and where they are, counted along the flattened spatial dimensions.</summary>
    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor input) =>
        F.max_pool2d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);

    public override Tensor forward(Tensor input) => F.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
}

/// <summary>The largest value of each window over 3 dimensions.</summary>
public sealed class MaxPool3d : ParameterLessModule<Tensor, Tensor>
{
    internal MaxPool3d(long[] kernel_size, long[] stride, long[] padding, long[] dilation, bool ceil_mode) : base(nameof(MaxPool3d)) =>
        (this.kernel_size, this.stride, this.padding, this.dilation, this.ceil_mode) = (kernel_size, stride, padding, dilation, ceil_mode);

    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; set; }
    public long[] dilation { get; set; }
    public bool ceil_mode { get; set; }

    /// <summary>The maxima and where they are, counted along the flattened spatial dimensions.</summary>
    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor input) =>
        F.max_pool3d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode);

    public override Tensor forward(Tensor input) => F.max_pool3d(input, kernel_size, stride, padding, dilation, ceil_mode);
}

/// <summary>The mean of each window over 1 dimension.</summary>
public sealed class AvgPool1d : ParameterLessModule<Tensor, Tensor>
{
    internal AvgPool1d(long[] kernel_size, long[] stride, long[] padding, bool ceil_mode, bool count_include_pad) : base(nameof(AvgPool1d)) =>
        (this.kernel_size, this.stride, this.padding, this.ceil_mode, this.count_include_pad) = (kernel_size, stride, padding, ceil_mode, count_include_pad);

    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; set; }
    public bool ceil_mode { get; set; }
    public bool count_include_pad { get; set; }

    public override Tensor forward(Tensor input) => F.avg_pool1d(input, kernel_size[0], stride[0], padding[0], ceil_mode, count_include_pad);
}

/// <summary>The mean of each window over 2 dimensions.</summary>
public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal AvgPool2d(long[] kernel_size, long[] stride, long[] padding, bool ceil_mode, bool count_include_pad, long? divisor_override) : base(nameof(AvgPool2d)) =>
        (this.kernel_size, this.stride, this.padding, this.ceil_mode, this.count_include_pad, this.divisor_override) = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; set; }
    public bool ceil_mode { get; set; }
    public bool count_include_pad { get; set; }
    public long? divisor_override { get; set; }

    public override Tensor forward(Tensor input) => F.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
}

/// <summary>The mean of each window over 3 dimensions.</summary>
public sealed class AvgPool3d : ParameterLessModule<Tensor, Tensor>
{
    internal AvgPool3d(long[] kernel_size, long[] stride, long[] padding, bool ceil_mode, bool count_include_pad, long? divisor_override) : base(nameof(AvgPool3d)) =>
        (this.kernel_size, this.stride, this.padding, this.ceil_mode, this.count_include_pad, this.divisor_override) = (kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] padding { get; set; }
    public bool ceil_mode { get; set; }
    public bool count_include_pad { get; set; }
    public long? divisor_override { get; set; }

    public override Tensor forward(Tensor input) => F.avg_pool3d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
}

/// <summary>The p-norm of each window over 1 dimension.</summary>
public sealed class LPPool1d : ParameterLessModule<Tensor, Tensor>
{
    internal LPPool1d(double norm_type, long[] kernel_size, long[] stride, bool ceil_mode) : base(nameof(LPPool1d)) =>
        (this.norm_type, this.kernel_size, this.stride, this.ceil_mode) = (norm_type, kernel_size, stride, ceil_mode);

    public double norm_type { get; set; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public bool ceil_mode { get; set; }

    public override Tensor forward(Tensor input) => F.lp_pool1d(input, norm_type, kernel_size[0], stride[0], ceil_mode);
}

/// <summary>The p-norm of each window over 2 dimensions.</summary>
public sealed class LPPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal LPPool2d(double norm_type, long[] kernel_size, long[] stride, bool ceil_mode) : base(nameof(LPPool2d)) =>
        (this.norm_type, this.kernel_size, this.stride, this.ceil_mode) = (norm_type, kernel_size, stride, ceil_mode);

    public double norm_type { get; set; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public bool ceil_mode { get; set; }

    public override Tensor forward(Tensor input) => F.lp_pool2d(input, norm_type, kernel_size, stride, ceil_mode);
}
