using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>A verdict in words.</summary>
internal sealed class VerdictSentences(ShortcutVerdict settings, ShortcutEvidence evidence, Court court, ImmutableArray<Tested> tests, double? smallest)
{
    private const string ShareOf = "share of ";

    public string Title(VerdictState state) => state switch
    {
        VerdictState.ShortcutFound => $"Shortcut found: {Intervened(Strongest(TestKind.Region))}.",
        VerdictState.Suspicious when tests.Any(test => test is { Kind: TestKind.Outside, Test.Found: true }) => "Suspicious: attribution points outside the masks, but no intervention confirms a shortcut.",
        VerdictState.Suspicious => $"Suspicious: decisions are worse {Strongest(TestKind.Column).Name["errors ".Length..]}, but no intervention shows why.",
        VerdictState.NoneFound => $"No shortcut found by {Plural(tests.Length, "test")}.",
        _ => $"Cannot tell: {Obstacle()}.",
    };

    /// <summary>What was found, whom it harms, then the strongest of each kind, then the rest.</summary>
    public ImmutableArray<string> All(VerdictState state)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        var ranked = tests.GroupBy(test => test.Kind).SelectMany(kind => kind.OrderBy(test => test.Test.PValue).Select((test, place) => (test, place)))
            .OrderBy(pair => pair.place).ThenBy(pair => pair.test.Kind).Select(pair => pair.test).ToList();
        sentences.AddRange(ranked.Where(test => test.Test.Found).Select(Sentence));
        if (Harm() is { } harm) sentences.Add(harm);
        sentences.AddRange(evidence.Checks.Where(check => check.Passed == false).Select(check => $"{Failed(check)}: {char.ToLowerInvariant(check.Sentence[0])}{check.Sentence[1..]}"));
        sentences.AddRange(ranked.Where(test => !test.Test.Found).Select(Sentence));
        if (state != VerdictState.ShortcutFound) sentences.Add(Power());
        if (evidence.Masked == 0) sentences.Add("Give masks of where the answer should come from (`--masks`) to have more tested.");
        if (evidence.Masked > 0 && evidence.Masked < evidence.Samples) sentences.Add($"{evidence.Masked} of {evidence.Samples} images have a mask; only they were tested for what lies outside it.");
        return sentences.ToImmutable();
    }

    private VerdictTest Strongest(TestKind kind) =>
        tests.Where(test => test.Kind == kind && test.Test.Found).Select(test => test.Test).MaxBy(test => test.Effect.Estimate - (test.Control?.Estimate ?? 0))!;

    // The tests of regions stand in the regions' order.
    private string Intervened(VerdictTest test)
    {
        var region = evidence.Regions[tests.Where(one => one.Kind == TestKind.Region).Select(one => one.Test).ToList().IndexOf(test)];
        var place = region.Place.Length > 0 ? region.Place : region.Where;
        return test.Unit.StartsWith(ShareOf, StringComparison.Ordinal)
            ? $"{Share(test.Effect.Estimate)} of {test.Unit[ShareOf.Length..]} when {place} {(region.Place.Length > 0 ? "was" : "were")} replaced"
            : $"replacing {place} changes decisions";
    }

    private string Obstacle() =>
        evidence.Masked == 0 ? "no image has a mask to say where the answer should come from"
        : evidence.Obstacle is { } obstacle ? obstacle
        : evidence.Checks.FirstOrDefault(check => check.Passed == false) is { } failed ? $"{char.ToLowerInvariant(Failed(failed)[0])}{Failed(failed)[1..]}"
        : evidence.Regions.IsEmpty && evidence.Outside.IsEmpty ? "neither attribution nor an intervention was tested"
        : TooFew(evidence.Regions.IsEmpty ? court.UnitsOutside : court.UnitsTested);

    // "The sanity check failed"; "There is no agreement of methods".
    private static string Failed(TrustCheck check) => check.Name.EndsWith("check", StringComparison.Ordinal) ? $"The {check.Name} failed" : $"There is no {check.Name}";

    private string TooFew(int count) => $"{Units(count)} {(count == 1 ? "is" : "are")} too few to rule a shortcut out";

    private string Sentence(Tested tested)
    {
        var test = tested.Test;
        var control = test.Control is { } known ? $"; {test.ControlName} {Text(known)}" : "";
        var small = !test.Found && test.PValue <= settings.Alpha ? ", too small to count" : "";
        var measured = test.Unit.StartsWith(ShareOf, StringComparison.Ordinal) ? $"{Text(test.Effect)} of {test.Unit[ShareOf.Length..]}" : $"{test.Unit} {Text(test.Effect)}";
        return $"{char.ToUpperInvariant(test.Name[0])}{test.Name[1..]}: {measured}{control}{Taken(tested.Exchange)} ({P(test.PValue)}{small}).";
    }

    private static string Taken(Exchanged? exchange) => exchange is null ? ""
        : exchange.Otherwise.Count == 0 ? "; no image decided otherwise has that region to put in its place"
        : $"; with that region of an image decided otherwise in its place {Text(exchange.Otherwise)}, of one decided alike {Text(exchange.Alike)}";

    private string? Harm() => court.Harm() is [var worst, .., var best] && worst.Accuracy.Estimate < best.Accuracy.Estimate
        ? $"Accuracy is {Text(worst.Accuracy)} where `{worst.Column}` is `{worst.Value}` and {Text(best.Accuracy)} where it is `{best.Value}`." : null;

    private string Power() =>
        evidence.Regions.IsEmpty ? "No region was replaced, so no intervention could confirm or refute anything."
        : smallest is { } effect
            ? $"With {Units(court.UnitsTested)}, {Subject} changes {Share(effect)} more decisions than its control would have been found with a probability of 80 %."
            : $"With {Units(court.UnitsTested)}, not even a region that changes every decision would have been found after correction for {Plural(tests.Length, "test")} at the level {settings.Alpha}.";

    private string Subject => evidence.Regions[0].Exchange is null ? "a region whose replacement" : "a region whose replacement, and whose exchange for that of images decided otherwise,";

    private string Units(int count) => count == 1 ? $"1 {Singular(evidence.UnitName)}" : $"{count} {evidence.UnitName}";

    private static string Singular(string plural) => plural switch
    {
        "series" => plural,
        [.. var stem, 'i', 'e', 's'] => stem + "y",
        [.. var stem, 'e', 's'] when stem.EndsWith('x') || stem.EndsWith("ch", StringComparison.Ordinal) || stem.EndsWith("sh", StringComparison.Ordinal) || stem.EndsWith("ss", StringComparison.Ordinal) => stem,
        [.. var stem, 's'] => stem,
        _ => plural,
    };

    private static string Plural(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    // Of a single unit there is no interval.
    private static string Text(Interval value) => value.Count < 2 ? Share(value.Estimate) : $"{Share(value.Estimate)} [{Share(value.Low)}, {Share(value.High)}]";

    // Nothing that is neither none nor all reads as "0 %" or "100 %".
    private static string Share(double value) => Math.Abs(100 * value) switch
    {
        > 1e-9 and < 0.05 => "< 0.1 %",
        >= 99.95 and < 100 - 1e-9 => "> 99.9 %",
        < 9.95 or (>= 99.5 and < 100 - 1e-9) => (100 * value).ToString("0.#", CultureInfo.InvariantCulture) + " %",
        _ => (100 * value).ToString("0", CultureInfo.InvariantCulture) + " %",
    };

    private static string P(double value) => value switch
    {
        < 0.0001 => "p < 0.0001",
        < 0.1 => $"p = {value.ToString("0.####", CultureInfo.InvariantCulture)}",
        _ => $"p = {value.ToString("0.##", CultureInfo.InvariantCulture)}",
    };
}
