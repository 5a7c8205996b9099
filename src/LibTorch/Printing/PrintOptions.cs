using System.Globalization;

namespace TorchSharp;

/// <summary>How tensors are written out when the caller does not say.</summary>
internal sealed record PrintOptions(TensorStringStyle Style, string Format, int Width, string NewLine, int MostRows, int MostColumns)
{
    internal static PrintOptions Current { get; set; } = new(TensorStringStyle.Julia, "g5", 100, "\n", 6, 6);

    internal CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;
}

public static partial class torch
{
    public static void set_printoptions(
        int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, (sci_mode ? "E" : "F") + precision, linewidth, newLine, maxRows, maxColumns);

    public static void set_printoptions(
        TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        var now = PrintOptions.Current;
        PrintOptions.Current = new(
            style is null or TensorStringStyle.Default ? now.Style : style.Value,
            floatFormat ?? now.Format,
            linewidth ?? now.Width,
            newLine ?? now.NewLine,
            maxRows ?? now.MostRows,
            maxColumns ?? now.MostColumns);
    }
}
