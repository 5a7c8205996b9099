namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>Holm's correction: the chance of any false alarm among all tests stays below the level. Source: Holm, Scandinavian Journal of Statistics 1979.</summary>
public static class Holm
{
    /// <summary>Corrected p-values, in the order given.</summary>
    /// <param name="values">p-values of all tests that were made.</param>
    public static double[] Correct(IReadOnlyList<double> values)
    {
        var corrected = new double[values.Count];
        var largest = 0.0;
        foreach (var (index, rank) in values.Select((value, index) => (value, index)).OrderBy(pair => pair.value).Select((pair, rank) => (pair.index, rank)))
            corrected[index] = largest = Math.Max(largest, Math.Min(1, (values.Count - rank) * values[index]));
        return corrected;
    }
}
