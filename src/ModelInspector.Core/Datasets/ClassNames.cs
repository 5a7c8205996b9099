using System.Collections.Immutable;
using System.Globalization;

namespace ModelInspector.Datasets;

/// <summary>From the words that data use for classes to the indices of a model's outputs.</summary>
internal sealed record ClassNames(ImmutableArray<string> Names, string? Note)
{
    private const int LargestIndex = 100_000;

    /// <summary>
    /// The model's class names if they are known; else, if every label is a whole number, those; else the labels' words in alphabetical order.
    /// </summary>
    public static ClassNames Of(ImmutableArray<string> known, IEnumerable<string> labels)
    {
        if (!known.IsEmpty) return new(known, null);
        var words = labels.Where(label => label != "").Distinct().Order(StringComparer.Ordinal).ToImmutableArray();
        if (words.IsEmpty) return new([], null);
        if (words.All(word => Number(word) is not null))
            return new([.. Enumerable.Range(0, words.Max(word => Number(word)!.Value) + 1).Select(index => index.ToString(CultureInfo.InvariantCulture))], "Labels are numbers and taken as the model's output indices.");
        return new(words, "No class names were given: the labels in alphabetical order are taken as the model's outputs. Say otherwise by `classes` in model.json.");
    }

    /// <summary>The index of a label; -1 for none.</summary>
    public int Index(string label, string id)
    {
        if (label == "") return -1;
        if (Names.IndexOf(label) is >= 0 and var index) return index;
        if (Number(label) is { } number && number < Names.Length) return number;
        throw new InputException($"{id}: label `{label}` is none of the {Names.Length} classes. Near: "
            + $"{string.Join(", ", ModelInspector.Names.Near(label, Names))}. Classes come from `classes` in model.json; labels may be names or numbers from 0.");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= LargestIndex ? number : null;
}
