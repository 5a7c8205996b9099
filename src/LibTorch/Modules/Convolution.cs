using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>What all convolutions share: the kernel (out, in / groups, …), the bias (out), and how the window moves.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;
    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;
    protected long[] _reversed_padding_repeated_twice;
    protected long input_channels;

    private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
        long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode, Device? device = null, ScalarType? dtype = null) : base(name)
    {
        RequireDivisible(in_channels, groups, nameof(in_channels));
        RequireDivisible(out_channels, groups, nameof(out_channels));
        (input_channels, this.out_channels, this.transposed, this.groups) = (in_channels, out_channels, transposed, groups);
        (this.kernel_size, this.stride, this.dilation, this.output_padding, this.padding_mode) = (kernel_size, stride, dilation, output_padding, padding_mode);
        (this.padding, this.padding_type) = (padding, padding_type);
        _reversed_padding_repeated_twice = Sides();
        long[] shape = transposed ? [in_channels, out_channels / groups, .. kernel_size] : [out_channels, in_channels / groups, .. kernel_size];
        _weight = Owned(empty(shape, dtype, device));
        if (bias) _bias = Owned(empty([out_channels], dtype, device));
        reset_parameters();
        RegisterComponents();
    }

    public Parameter? bias { get => _bias; set => Assign(ref _bias, value, nameof(bias)); }
    public Parameter weight { get => _weight!; set => Assign(ref _weight, value, nameof(weight)); }
    public long in_channels => input_channels;
    public long out_channels { get; }
    public bool transposed { get; }
    public Padding? padding_type { get; private set; }
    public long[]? padding { get; private set; }
    public PaddingModes padding_mode { get; set; }
    public long groups { get; set; }
    public long[] kernel_size { get; set; }
    public long[] stride { get; set; }
    public long[] dilation { get; set; }
    public long[] output_padding { get; set; }

    private static void RequireDivisible(long channels, long groups, string what)
    {
        if (groups < 1 || channels % groups != 0) throw new ArgumentException($"{what} must be divisible by groups: {channels} channels, {groups} groups.");
    }

    public void SetPadding(long[] padding)
    {
        (this.padding, padding_type) = (padding, null);
        _reversed_padding_repeated_twice = Sides();
    }

    public void SetPadding(Padding padding)
    {
        (this.padding, padding_type) = (null, padding);
        _reversed_padding_repeated_twice = Sides();
    }

    /// <summary>Padding before and after, from the last dimension backwards, as <c>functional.pad</c> wants it.</summary>
    private long[] Sides()
    {
        if (padding is not null) return [.. padding.Reverse().SelectMany(length => new[] { length, length })];
        if (padding_type != Padding.Same) return new long[2 * kernel_size.Length];
        var totals = kernel_size.Zip(dilation, (kernel, step) => step * (kernel - 1)).Reverse();
        return [.. totals.SelectMany(total => new[] { total / 2, total - (total / 2) })];
    }

    /// <summary>The library's start: uniform in ±1/√fan-in for kernel and bias.</summary>
    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var bound = 1 / Math.Sqrt(nn.init.CalculateFanInAndFanOut(weight).fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    /// <summary>Whether the input is (N, C, …) or (C, …) with this layer's number of channels.</summary>
    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return (shape.Length == dimensions + 2 && shape[1] == input_channels) || (shape.Length == dimensions + 1 && shape[0] == input_channels);
    }

    private protected void RequireShape(Tensor input)
    {
        var n = kernel_size.Length;
        if (!ValidateShape(input, n))
            throw new ArgumentException($"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input with {input_channels} channels to {GetName()}, got [{string.Join(",", input.shape)}].");
    }

    private protected Tensor Convolve(Tensor input)
    {
        RequireShape(input);
        var n = kernel_size.Length;
        if (padding_mode == PaddingModes.Zeros)
        {
            return padding_type is { } rule
                ? F.Convolve(n, input, weight, bias, stride, rule, dilation, groups)
                : F.Convolve(n, input, weight, bias, stride, padding!, dilation, groups);
        }
        using var padded = F.pad(input, _reversed_padding_repeated_twice, padding_mode);
        return F.Convolve(n, padded, weight, bias, stride, new long[n], dilation, groups);
    }
}

/// <summary>Convolution over (N, C, L).</summary>
public sealed class Conv1d : Convolution
{
    internal Conv1d(long in_channels, long out_channels, long kernel_size, long stride, long? padding, Padding? padding_type, long dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], Lengths.Of(1, padding), padding_type, [dilation], false, [0], groups, bias, padding_mode, device, dtype) { }

    public override Tensor forward(Tensor input) => Convolve(input);
}

/// <summary>Convolution over (N, C, H, W).</summary>
public sealed class Conv2d : Convolution
{
    internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, [0, 0], groups, bias, padding_mode, device, dtype) { }

    public override Tensor forward(Tensor input) => Convolve(input);
}

/// <summary>Convolution over (N, C, D, H, W).</summary>
public sealed class Conv3d : Convolution
{
    internal Conv3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(Conv3d), in_channels, out_channels, kernel_size, stride, padding, padding_type, dilation, false, [0, 0, 0], groups, bias, padding_mode, device, dtype) { }

    public override Tensor forward(Tensor input) => Convolve(input);
}
