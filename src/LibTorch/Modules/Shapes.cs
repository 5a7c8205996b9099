using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>The input itself, as another handle.</summary>
public sealed class Identity : ParameterLessModule<Tensor, Tensor>
{
    internal Identity() : base(nameof(Identity)) { }

    public override Tensor forward(Tensor tensor) => tensor.alias();
}

/// <summary>Joins a run of dimensions.</summary>
public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
{
    internal Flatten(long start_dim, long end_dim) : base(nameof(Flatten)) =>
        (this.start_dim, this.end_dim) = (start_dim, end_dim);

    public long start_dim { get; set; }
    public long end_dim { get; set; }

    public override Tensor forward(Tensor input) => input.flatten(start_dim, end_dim);
}

/// <summary>Cuts a dimension into several.</summary>
public sealed class Unflatten : ParameterLessModule<Tensor, Tensor>
{
    internal Unflatten(long dim, long[] unflattened_size) : base(nameof(Unflatten)) =>
        (this.dim, this.unflattened_size) = (dim, unflattened_size);

    public long dim { get; set; }
    public long[] unflattened_size { get; set; }

    public override Tensor forward(Tensor input) => input.unflatten(dim, unflattened_size);
}

/// <summary>(N, C·r², H, W) to (N, C, H·r, W·r).</summary>
public sealed class PixelShuffle : ParameterLessModule<Tensor, Tensor>
{
    internal PixelShuffle(long upscale_factor) : base(nameof(PixelShuffle)) => this.upscale_factor = upscale_factor;

    public long upscale_factor { get; set; }

    public override Tensor forward(Tensor input) => F.pixel_shuffle(input, upscale_factor);
}

/// <summary>(N, C, H·r, W·r) to (N, C·r², H, W).</summary>
public sealed class PixelUnshuffle : ParameterLessModule<Tensor, Tensor>
{
    internal PixelUnshuffle(long downscale_factor) : base(nameof(PixelUnshuffle)) => this.downscale_factor = downscale_factor;

    public long downscale_factor { get; set; }

    public override Tensor forward(Tensor input) => F.pixel_unshuffle(input, downscale_factor);
}

/// <summary>Deals the channels of groups out in turn.</summary>
public sealed class ChannelShuffle : ParameterLessModule<Tensor, Tensor>
{
    internal ChannelShuffle(long groups) : base(nameof(ChannelShuffle)) => this.groups = groups;

    public long groups { get; set; }

    public override Tensor forward(Tensor input) => F.channel_shuffle(input, groups);
}

/// <summary>The windows of (N, C, H, W) as columns (N, C·kh·kw, windows).</summary>
public sealed class Unfold : ParameterLessModule<Tensor, Tensor>
{
    internal Unfold((long, long) kernel_size, (long, long) dilation, (long, long) padding, (long, long) stride) : base(nameof(Unfold)) =>
        (this.kernel_size, this.dilation, this.padding, this.stride) = (kernel_size, dilation, padding, stride);

    public (long, long) kernel_size { get; set; }
    public (long, long) dilation { get; set; }
    public (long, long) padding { get; set; }
    public (long, long) stride { get; set; }

    public override Tensor forward(Tensor input) => F.unfold(input, kernel_size, dilation, padding, stride);
}

/// <summary>The sum of windows, given as columns, back in their place.</summary>
public sealed class Fold : ParameterLessModule<Tensor, Tensor>
{
    internal Fold((long, long) output_size, (long, long) kernel_size, (long, long) dilation, (long, long) padding, (long, long) stride) : base(nameof(Fold)) =>
        (this.output_size, this.kernel_size, this.dilation, this.padding, this.stride) = (output_size, kernel_size, dilation, padding, stride);

    public (long, long) output_size { get; set; }
    public (long, long) kernel_size { get; set; }
    public (long, long) dilation { get; set; }
    public (long, long) padding { get; set; }
    public (long, long) stride { get; set; }

    public override Tensor forward(Tensor input) => F.fold(input, output_size, kernel_size, dilation, padding, stride);
}
