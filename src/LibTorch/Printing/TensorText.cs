using System.Globalization;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Writes a tensor as text: its description, and its elements in one of three styles; long axes are cut in the middle.</summary>
internal sealed class TensorText(Tensor tensor, PrintOptions options)
{
    private readonly StringBuilder _text = new();

    internal static string Metadata(Tensor tensor) =>
        tensor.IsInvalid ? "invalid tensor" : $"[{string.Join("x", tensor.shape)}], type = {tensor.dtype}, device = {tensor.device}";

    internal string Write(TensorStringStyle style)
    {
        if (tensor.IsInvalid || style == TensorStringStyle.Metadata || tensor.device_type == DeviceType.META) return Metadata(tensor);
        using var scope = NewDisposeScope();
        using var whole = no_grad();
        var local = tensor.cpu();
        if (style == TensorStringStyle.Julia) Julia(local, "");
        else Nested(local, style == TensorStringStyle.CSharp ? ('{', '}', ", ") : ('[', ']', " "), 0);
        if (style == TensorStringStyle.CSharp) _text.Insert(0, Metadata(tensor) + ", value = ");
        return _text.ToString();
    }

    // Matrices under their description, one block for each leading index.
    private void Julia(Tensor part, string path)
    {
        if (path.Length == 0) _text.Append(Metadata(tensor));
        if (part.Dimensions <= 1)
        {
            _text.Append(path.Length == 0 && part.Dimensions == 0 ? ", value = " : options.NewLine + " ").Append(Row(part));
        }
        else if (part.Dimensions == 2)
        {
            if (path.Length > 0) _text.Append(options.NewLine).Append('[').Append(path).Append("..,..] =");
            foreach (long row in Shown(part.shape[0], options.MostRows))
                _text.Append(options.NewLine).Append(' ').Append(row < 0 ? "..." : Row(part[row]));
        }
        else
        {
            foreach (long k in Shown(part.shape[0], options.MostRows))
                if (k >= 0) Julia(part[k], $"{path}{k},");
        }
    }

    // Fewer columns are shown where the line would be wider than asked.
    private string Row(Tensor row)
    {
        if (row.Dimensions == 0) return Element(row);
        for (int most = options.MostColumns; ; most -= 2)
        {
            string line = string.Join(' ', Shown(row.shape[0], most).Select(k => k < 0 ? "..." : Element(row[k])));
            if (line.Length <= options.Width || most <= 2) return line;
        }
    }

    private void Nested(Tensor part, (char Open, char Close, string Between) marks, int depth)
    {
        if (part.Dimensions == 0)
        {
            _text.Append(Element(part));
            return;
        }
        _text.Append(marks.Open);
        bool first = true;
        foreach (long k in Shown(part.shape[0], part.Dimensions == 1 ? options.MostColumns : options.MostRows))
        {
            if (!first) _text.Append(part.Dimensions == 1 ? marks.Between : marks.Between.TrimEnd() + options.NewLine + new string(' ', depth + 1));
            first = false;
            if (k < 0) _text.Append("...");
            else Nested(part[k], marks, depth + 1);
        }
        _text.Append(marks.Close);
    }

    // The indices to show; -1 stands for those left out.
    private static IEnumerable<long> Shown(long extent, int most)
    {
        if (extent <= most) return Enumerable.Range(0, (int)extent).Select(k => (long)k);
        int head = (most + 1) / 2, tail = most - head;
        return Enumerable.Range(0, head).Select(k => (long)k).Append(-1).Concat(Enumerable.Range(0, tail).Select(k => extent - tail + k));
    }

    private string Element(Tensor element)
    {
        var number = element.ToScalar();
        var culture = options.Culture;
        if (number.Type == ScalarType.Bool) return number.ToBoolean() ? "True" : "False";
        if (number.IsIntegral) return number.Whole.ToString(culture);
        return number.IsComplex
            ? new Complex(number.Real, number.Imaginary).ToString(options.Format, culture)
            : Real(number.Real, culture);
    }

    private string Real(double value, CultureInfo culture) =>
        double.IsNaN(value) ? "nan" : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString(options.Format, culture);
}
