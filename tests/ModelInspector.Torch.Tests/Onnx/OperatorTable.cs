using System.Text;
using ModelInspector.Models.Onnx;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>docs/onnx-operators.md, written from the operators there are and the standard's cases they pass.</summary>
internal static class OperatorTable
{
    private static string Document => Path.Combine(Shared.Repository, "docs", "onnx-operators.md");

    /// <summary>The document must say what is true; with the variable set it is written anew.</summary>
    public static void Check(IReadOnlyList<NodeCase> cases, IReadOnlyDictionary<string, string> otherwise)
    {
        var text = Text(cases, otherwise);
        if (Environment.GetEnvironmentVariable("MODELINSPECTOR_WRITE_DOCS") == "1") File.WriteAllText(Document, text);
        Assert.True(File.Exists(Document) && File.ReadAllText(Document) == text,
            "docs/onnx-operators.md does not say what is true. Write it anew: MODELINSPECTOR_WRITE_DOCS=1 ./test");
    }

    private static string Text(IReadOnlyList<NodeCase> cases, IReadOnlyDictionary<string, string> otherwise)
    {
        var text = new StringBuilder();
        Head(text, cases);
        foreach (var name in Names()) Row(text, name, cases);
        text.AppendLine().AppendLine("## Done otherwise on purpose").AppendLine();
        foreach (var (name, reason) in otherwise.OrderBy(entry => entry.Key, StringComparer.Ordinal)) text.AppendLine($"* `{name}`: {reason}");
        text.AppendLine().AppendLine("## Refused by name").AppendLine();
        foreach (var name in Missing(cases)) text.AppendLine($"* {name}");
        return text.ToString();
    }

    private static void Head(StringBuilder text, IReadOnlyList<NodeCase> cases)
    {
        text.AppendLine("# ONNX operators").AppendLine();
        text.AppendLine("Written by the test `NodeTests` from the operators there are and the standard's own cases (Debian's `libonnx-testdata`, opset 17).");
        text.AppendLine("A file that needs anything else is refused, with the list of all that is missing in it.").AppendLine();
        foreach (var group in cases.GroupBy(one => one.Group))
            text.AppendLine($"* {group.Key}: {group.Count(one => one.Passed)} of {group.Count()} cases pass, {group.Count(one => one.Refused)} are refused.");
        text.AppendLine().AppendLine("*From opset*: the versions at which our implementation changes. *Gradient*: whether one flows through it; `-` where its values have none.");
        text.AppendLine("*Cases*: passed and in all, of those whose network contains the operator.").AppendLine();
        text.AppendLine("| operator | from opset | gradient | cases |").AppendLine("|---|---|---|---|");
    }

    private static IEnumerable<string> Names() => OperatorSet.All.Where(entry => entry.Domain != "modelinspector").Select(Full)
        .Concat(Functions.Defined).Distinct().Order(StringComparer.Ordinal);

    private static string Full(Operator entry) => entry.Domain.Length > 0 ? $"{entry.Domain}.{entry.Name}" : entry.Name;

    private static void Row(StringBuilder text, string name, IReadOnlyList<NodeCase> cases)
    {
        var entries = OperatorSet.All.Where(entry => Full(entry) == name).OrderBy(entry => entry.Since).ToList();
        var within = cases.Where(one => one.Operators.Contains(name)).ToList();
        var versions = entries.Count > 0 ? string.Join(", ", entries.Select(entry => entry.Since)) : "10";
        var gradient = entries.Count == 0 || entries.All(entry => entry.Differentiable) ? "yes" : "-";
        text.AppendLine($"| {name} | {versions} | {gradient} | {(within.Count > 0 ? $"{within.Count(one => one.Passed)}/{within.Count}" : "")} |");
    }

    private static IEnumerable<string> Missing(IReadOnlyList<NodeCase> cases)
    {
        var known = Names().ToHashSet();
        return cases.SelectMany(one => one.Operators).Where(name => !known.Contains(name)).Distinct().Order(StringComparer.Ordinal);
    }
}
