using System.Collections.Immutable;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Names layers: a module that is one operation gives it its path; other operations are their module's path and the operator
/// (<c>block.relu</c>), numbered from the second on (<c>block.relu_1</c>).
/// </summary>
internal static class ScriptNames
{
    /// <summary>One name a step; null where the step is no layer.</summary>
    internal static ImmutableArray<string?> Of(ImmutableArray<DraftStep> steps, ImmutableHashSet<string> paths)
    {
        var own = steps.Where(step => step.Op is not null).CountBy(step => step.Scope).ToDictionary();
        var callers = own.Keys.SelectMany(Callers).ToHashSet();
        var taken = new HashSet<string>(paths);
        return [.. steps.Select(step => step.Op is null ? null
            : step.Scope.Path.Length > 0 && own[step.Scope] == 1 && !callers.Contains(step.Scope) ? step.Scope.Path
            : Free(step, taken))];
    }

    private static IEnumerable<ScriptCall> Callers(ScriptCall call)
    {
        for (var caller = call.Caller; caller is not null; caller = caller.Caller) yield return caller;
    }

    private static string Free(DraftStep step, HashSet<string> taken)
    {
        var op = step.Op![(step.Op!.IndexOf("::", StringComparison.Ordinal) + 2)..].Trim('_');
        var first = step.Scope.Path.Length == 0 ? op : $"{step.Scope.Path}.{op}";
        var name = first;
        for (var number = 1; !taken.Add(name); number++) name = $"{first}_{number}";
        return name;
    }
}
