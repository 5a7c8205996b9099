using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>The mean of each of as many windows as asked for, over 1 dimension; −1 keeps a length.</summary>
public sealed class AdaptiveAvgPool1d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveAvgPool1d(long[] output_size) : base(nameof(AdaptiveAvgPool1d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => F.adaptive_avg_pool1d(input, output_size[0]);
}

/// <summary>The mean of each of as many windows as asked for, over 2 dimensions; −1 keeps a length.</summary>
public sealed class AdaptiveAvgPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveAvgPool2d(long[] output_size) : base(nameof(AdaptiveAvgPool2d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => F.adaptive_avg_pool2d(input, output_size);
}

/// <summary>The mean of each of as many windows as asked for, over 3 dimensions; −1 keeps a length.</summary>
public sealed class AdaptiveAvgPool3d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveAvgPool3d(long[] output_size) : base(nameof(AdaptiveAvgPool3d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => F.adaptive_avg_pool3d(input, output_size);
}

/// <summary>The largest value of each of as many windows as asked for, over 1 dimension; −1 keeps a length.</summary>
public sealed class AdaptiveMaxPool1d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveMaxPool1d(long[] output_size) : base(nameof(AdaptiveMaxPool1d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => F.adaptive_max_pool1d(input, output_size[0]);
}

/// <summary>The largest value of each of as many windows as asked for, over 2 dimensions; −1 keeps a length.</summary>
public sealed class AdaptiveMaxPool2d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveMaxPool2d(long[] output_size) : base(nameof(AdaptiveMaxPool2d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => F.adaptive_max_pool2d(input, output_size);
}

/// <summary>The largest value of each of as many windows as asked for, over 3 dimensions; −1 keeps a length.</summary>
public sealed class AdaptiveMaxPool3d : ParameterLessModule<Tensor, Tensor>
{
    internal AdaptiveMaxPool3d(long[] output_size) : base(nameof(AdaptiveMaxPool3d)) => this.output_size = output_size;

    public long[] output_size { get; set; }

    public override Tensor forward(Tensor input) => F.adaptive_max_pool3d(input, output_size);
}
