namespace ModelInspector;

/// <summary>Finds the names a user may have meant.</summary>
public static class Names
{
    /// <summary>Up to <paramref name="count"/> candidates nearest to <paramref name="name"/> by edit distance, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name, IEnumerable<string> candidates, int count = 4) =>
        [.. candidates.Distinct().Select((candidate, order) => (candidate, distance: Distance(name, candidate), order))
            .OrderBy(c => c.distance).ThenBy(c => c.order).Take(count).Select(c => c.candidate)];

    /// <summary>"a, b or c": the way to list what would have worked.</summary>
    public static string Or(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1];

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitute = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
