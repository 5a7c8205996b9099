using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Numerics;

namespace ModelInspector.Cli;

/// <summary>What is explained, as text on the command line.</summary>
internal sealed class TargetText
{
    /// <summary>What may be written, for help and errors.</summary>
    public const string Forms = "CLASS, probability:CLASS, margin:CLASS or margin:CLASS:OTHER (CLASS is a number, one a sample with commas, or `predicted`); "
        + "output[:INDEX,…][@NAME] for one number of an output; segmentation:NUMBER[:REGION.npy]; unit:CHANNEL[,POSITION…]@LAYER for a unit of a layer";

    private readonly Func<int, int, Target> make;

    private TargetText(Func<int, int, Target> make) => this.make = make;

    /// <summary>Reads a target for a number of samples.</summary>
    /// <exception cref="UsageException">It is none of the forms.</exception>
    /// <exception cref="InputException">There are neither one nor as many classes as samples.</exception>
    public static TargetText Parse(string text, int samples)
    {
        var (kind, rest) = Split(text, ':');
        return (kind.Split('@')[0], rest) switch
        {
            ("probability", { } of) => Choice(text, of, samples, choice => new ProbabilityTarget(choice)),
            ("margin", { } of) => Margin(text, of, samples),
            ("output", _) => Same(Output(text)),
            ("segmentation", { } of) => Segmentation(text, of, samples),
            ("unit", { } of) => Same(Unit(text, of)),
            _ => Choice(text, text, samples, choice => choice),
        };
    }

    /// <summary>The target of a batch.</summary>
    /// <param name="first">Number of its first sample.</param>
    /// <param name="count">Samples in it.</param>
    public Target For(int first, int count) => make(first, count);

    private static TargetText Same(Target target) => new((_, _) => target);

    private static TargetText Choice(string text, string classes, int samples, Func<ClassChoice, Target> target)
    {
        var choice = Class(text, classes, samples);
        return new((first, count) => target(choice(first, count)));
    }

    private static TargetText Margin(string text, string classes, int samples)
    {
        var (of, against) = Split(classes, ':');
        var (leads, trails) = (Class(text, of, samples), against is null ? null : Class(text, against, samples));
        return new((first, count) => new MarginTarget(leads(first, count), trails?.Invoke(first, count)));
    }

    private static Func<int, int, ClassChoice> Class(string text, string classes, int samples)
    {
        if (classes == "predicted") return (_, _) => new PredictedClass();
        var numbers = Numbers(text, classes);
        if (numbers.Length == 1) return (_, _) => new ClassTarget(numbers);
        if (numbers.Length != samples)
            throw new InputException($"{numbers.Length} targets are given for {samples} samples. Give one class for all, or one a sample.");
        return (first, count) => new ClassTarget(numbers.Slice(first, count));
    }

    private static OutputTarget Output(string text)
    {
        var (path, name) = Split(text, '@');
        var (_, index) = Split(path, ':');
        return new OutputTarget(name ?? "", index is null ? [] : Numbers(text, index));
    }

    private static UnitTarget Unit(string text, string of)
    {
        var (index, layer) = Split(of, '@');
        var numbers = Numbers(text, index);
        return layer is { Length: > 0 } ? new UnitTarget(layer, numbers[0], numbers[1..]) : throw Wrong(text);
    }

    private static TargetText Segmentation(string text, string of, int samples)
    {
        var (number, file) = Split(of, ':');
        var region = file is null ? null : Npy.Read(file);
        if (Numbers(text, number) is not [var of1]) throw Wrong(text);
        if (region is not null && region.Shape[0] != 1 && region.Shape[0] != samples)
            throw new InputException($"{file} holds {region.Shape[0]} regions for {samples} samples. Expected one for all, or one a sample.");
        return new((first, count) => new SegmentationTarget(of1, region is null || region.Shape[0] == 1 ? region : Rows(region, first, count)));
    }

    private static NdArray Rows(NdArray array, int first, int count)
    {
        var each = array.Values.Length / array.Shape[0];
        return new NdArray([count, .. array.Shape[1..]], array.Values[(first * each)..((first + count) * each)]);
    }

    private static ImmutableArray<long> Numbers(string text, string list) =>
        [.. list.Split(',').Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong(text))];

    private static (string Before, string? After) Split(string text, char at) =>
        text.IndexOf(at) is var place and >= 0 ? (text[..place], text[(place + 1)..]) : (text, null);

    private static UsageException Wrong(string text) => new($"--target {text} is nothing that can be explained. Expected {Forms}.");
}
