using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>A verdict in words.</summary>
internal sealed class VerdictSentences(ShortcutVerdict settings, ShortcutEvidence evidence, Court court, ImmutableArray<Tested> tests, double? smallest)
{
    public string Title(VerdictState state) => state switch
    {
        VerdictState.ShortcutFound => $"Shortcut found: {Strongest(TestKind.Region).Name} changes decisions.",
        VerdictState.Suspicious when tests.Any(test => test is { Kind: TestKind.Outside, Test.Found: true }) => "Suspicious: attribution points outside the masks, but no intervention confirms a shortcut.",
        VerdictState.Suspicious => $"Suspicious: decisions are worse {Strongest(TestKind.Column).Name["accuracy ".Length..]}, but no intervention shows why.",
        VerdictState.NoneFound => $"No shortcut found by {Plural(tests.Length, "test")}.",
        _ => $"Cannot tell: {Obstacle()}.",
    };

    public ImmutableArray<string> All(VerdictState state)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        sentences.AddRange(tests.OrderByDescending(test => test.Test.Found).ThenBy(test => test.Kind).ThenBy(test => test.Test.PValue).Select(Sentence));
        if (Harm() is { } harm) sentences.Add(harm);
        sentences.AddRange(evidence.Checks.Where(check => check.Passed == false).Select(check => $"The {check.Name} failed: {check.Sentence}"));
        if (state != VerdictState.ShortcutFound) sentences.Add(Power());
        if (evidence.Masked > 0 && evidence.Masked < evidence.Samples) sentences.Add($"{evidence.Masked} of {evidence.Samples} images have a mask; only they were tested for what lies outside it.");
        return sentences.ToImmutable();
    }

    private VerdictTest Strongest(TestKind kind) =>
        tests.Where(test => test.Kind == kind && test.Test.Found).Select(test => test.Test).MaxBy(test => test.Effect.Estimate - (test.Control?.Estimate ?? 0))!;

    private string Obstacle() =>
        evidence.Masked == 0 ? "no image has a mask, so nothing says where a decision may come from"
        : evidence.Checks.FirstOrDefault(check => check.Passed == false) is { } failed ? $"the {failed.Name} failed"
        : evidence.Regions.IsEmpty && evidence.Outside.IsEmpty ? "neither attribution nor an intervention was tested"
        : evidence.Regions.IsEmpty ? $"attribution is known of {court.UnitsOutside} {evidence.UnitName} only"
        : $"{court.UnitsTested} {evidence.UnitName} are too few";

    private static string Sentence(Tested tested)
    {
        var test = tested.Test;
        var control = test.Control is { } known ? $"; {test.ControlName} {Text(known)}" : "";
        var exchange = tested.Exchange is not { } taken ? ""
            : taken.Otherwise.Count == 0 ? "; no other image to take it from is decided otherwise"
            : $"; taken from images decided otherwise {Text(taken.Otherwise)}, from images decided alike {Text(taken.Alike)}";
        return $"{char.ToUpperInvariant(test.Name[0])}{test.Name[1..]}: {test.Unit} {Text(test.Effect)}{control}{exchange} ({P(test.PValue)}{(test.Found ? "" : ", not counted as found")}).";
    }

    private string? Harm() => court.Harm() is [var worst, .., var best]
        ? $"Accuracy is {Text(worst.Accuracy)} where `{worst.Column}` is `{worst.Value}` and {Text(best.Accuracy)} where it is `{best.Value}`." : null;

    private string Power() =>
        evidence.Regions.IsEmpty ? "No region was replaced, so no intervention could confirm or refute anything."
        : smallest is { } effect
            ? $"With {court.UnitsTested} {evidence.UnitName}, {Subject} flips {Share(effect)} more decisions than its control would have been found with a probability of 80 %."
            : $"With {court.UnitsTested} {evidence.UnitName}, not even a region that flips every decision would have been found after correction for {Plural(tests.Length, "test")} at the level {settings.Alpha}.";

    private string Subject => evidence.Regions[0].Exchange is null ? "a region whose replacement" : "a region whose replacement, and whose exchange for that of images decided otherwise,";

    private static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string Text(Interval value) => $"{Share(value.Estimate)} [{Share(value.Low)}, {Share(value.High)}]";

    private static string Share(double value) => (100 * value).ToString(Math.Abs(value) < 0.0995 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    private static string P(double value) => value < 0.0001 ? "p < 0.0001" : $"p = {value.ToString("0.0000", CultureInfo.InvariantCulture)}";
}
