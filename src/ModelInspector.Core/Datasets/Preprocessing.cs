using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Models;

namespace ModelInspector.Datasets;

/// <summary>How an image comes to the model's size.</summary>
public enum ResizeMode
{
    /// <summary>Both sides to the size, whatever the proportions.</summary>
    Stretch,

    /// <summary>The shortest side to a length, proportions kept; then the centre is cut out.</summary>
    ShortestSide,
}

/// <summary>How values between pixels are found. Masks always take the nearest.</summary>
public enum Interpolation
{
    /// <summary>Bilinear with antialiasing when shrinking, as PIL and torchvision do.</summary>
    Bilinear,

    /// <summary>The pixel under the centre.</summary>
    Nearest,
}

/// <summary>The channels that a model takes, in its order.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One channel: 0.299 R + 0.587 G + 0.114 B.</summary>
    Grey,
}

/// <summary>Rows and columns.</summary>
public readonly record struct FrameSize(int Height, int Width)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Height}×{Width}";
}

/// <summary>The steps from a decoded image to the model's input; the contents of <c>model.json</c>.</summary>
public sealed record Preprocessing
{
    /// <summary>The model's input size; null: each image's own, which then must all be the same.</summary>
    public FrameSize? Size { get; init; }

    /// <summary>How an image comes to that size.</summary>
    public ResizeMode Resize { get; init; }

    /// <summary>With <see cref="ResizeMode.ShortestSide"/>: its length before the centre is cut out; null: the least that fills the size.</summary>
    public int? ShortestSide { get; init; }

    /// <summary>How values between pixels are found.</summary>
    public Interpolation Interpolation { get; init; }

    /// <summary>The channels.</summary>
    public ChannelOrder Channels { get; init; }

    /// <summary>What black becomes, before mean and deviation.</summary>
    public double Low { get; init; }

    /// <summary>What full intensity becomes, before mean and deviation.</summary>
    public double High { get; init; } = 1;

    /// <summary>Subtracted from each channel, in the model's channel order; empty: nothing.</summary>
    public ImmutableArray<double> Mean { get; init; } = [];

    /// <summary>Divides each channel, in the model's channel order; empty: nothing.</summary>
    public ImmutableArray<double> Std { get; init; } = [];

    /// <summary>Class names in the order of the model's outputs; empty when not known.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>What a reader should know of where this came from.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Number of channels.</summary>
    public int ChannelCount => Channels == ChannelOrder.Grey ? 1 : 3;

    /// <summary>
    /// The preprocessing for a model: the file given, else <c>NAME.model.json</c> or <c>model.json</c> beside the model, else its input's shape and values from 0 to 1.
    /// </summary>
    /// <param name="model">The model's path.</param>
    /// <param name="given">A file in the format of <c>model.json</c>, or null.</param>
    /// <param name="input">The model's input, as far as it is known.</param>
    /// <exception cref="InputException">The file is wrong or contradicts the model, or there is neither a file nor a shape.</exception>
    public static Preprocessing For(string model, string? given, Port? input)
    {
        var file = given ?? Beside(model).FirstOrDefault(File.Exists);
        return file is null ? Default(model, input) : PreprocessingFile.Read(file, Natural(input)).Fitted(file, input);
    }

    /// <summary>The steps in words, one a line.</summary>
    public ImmutableArray<string> Steps()
    {
        var steps = ImmutableArray.CreateBuilder<string>();
        steps.Add(Channels switch { ChannelOrder.Rgb => "channels: red, green, blue", ChannelOrder.Bgr => "channels: blue, green, red", _ => "channels: grey" });
        steps.Add((Size, Resize) switch
        {
            (null, _) => "size: the image's own",
            (_, ResizeMode.Stretch) => $"size: stretched to {Size}, {InWords(Interpolation)}",
            _ => $"size: shortest side to {(ShortestSide is { } side ? Text(side) : "fill")}, {InWords(Interpolation)}, centre {Size} cut out",
        });
        steps.Add($"range: black is {Text(Low)}, full intensity {Text(High)}");
        if (!Mean.IsEmpty) steps.Add($"mean subtracted: {Join(Mean)}");
        if (!Std.IsEmpty) steps.Add($"divided by: {Join(Std)}");
        return steps.ToImmutable();
    }

    private static string InWords(Interpolation interpolation) => interpolation == Interpolation.Nearest ? "nearest pixel" : "bilinear, antialiased";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Join(ImmutableArray<double> values) => string.Join(", ", values.Select(Text));

    private static IEnumerable<string> Beside(string model)
    {
        yield return Path.ChangeExtension(model, ".model.json");
        yield return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(model))!, "model.json");
    }

    private static Preprocessing Default(string model, Port? input)
    {
        if (input is not { Shape: [_, 1 or 3, var height, var width] })
            throw new InputException($"{Path.GetFileName(model)} takes {Shape(input)}; how images become that is not known. "
                + "Write model.json beside it, for example {\"size\": [224, 224], \"channels\": \"rgb\", \"range\": [0, 1]}, or give .npy data.");
        var size = height > 0 && width > 0 ? new FrameSize((int)height, (int)width) : (FrameSize?)null;
        var channels = Natural(input);
        return new()
        {
            Size = size,
            Channels = channels,
            Notes = [$"There is no model.json: images are {(size is null ? "taken in their own size" : $"stretched to {size}")}, {(channels == ChannelOrder.Grey ? "grey" : "RGB")}, values from 0 to 1, "
                + "without mean and deviation. If the model was trained otherwise, its answers will be wrong."],
        };
    }

    private static ChannelOrder Natural(Port? input) => input is { Shape: [_, 1, ..] } ? ChannelOrder.Grey : ChannelOrder.Rgb;

    private Preprocessing Fitted(string file, Port? input)
    {
        if (input is not { Shape: [_, var channels, var height, var width] }) return this;
        if (channels > 0 && channels != ChannelCount)
            throw new InputException($"{file} says {ChannelCount} channels (`channels`), the model takes {Shape(input)}.");
        if (height <= 0 || width <= 0) return this;
        var takes = new FrameSize((int)height, (int)width);
        return Size is { } size && size != takes ? throw new InputException($"{file} says `size` {size}, the model takes {takes}.") : this with { Size = takes };
    }

    private static string Shape(Port? input) =>
        input is null || input.Shape.IsDefaultOrEmpty ? "an input of unknown shape" : $"({string.Join(", ", input.Shape.Select(size => size < 0 ? "any" : Text(size)))})";
}
