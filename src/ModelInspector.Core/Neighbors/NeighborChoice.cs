using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>Which neighbour search is used.</summary>
public enum NeighborChoice
{
    /// <summary>Exact while that takes well under a minute on two processors (rows² · columns up to 5·10¹²), else approximate.</summary>
    Auto,

    /// <summary>Every pair is looked at.</summary>
    Exact,

    /// <summary>Pairs that are likely near are looked at; the recall is reported.</summary>
    Approximate,
}

/// <summary>Chooses a neighbour search.</summary>
public static class NeighborSearch
{
    private const double MostExact = 5e12;

    /// <summary>The search for such data.</summary>
    public static INeighborSearch For(NeighborChoice choice, Metric metric, Matrix data) =>
        choice == NeighborChoice.Exact || (choice == NeighborChoice.Auto && (double)data.Rows * data.Rows * data.Columns <= MostExact)
            ? new ExactNeighbors(metric)
            : new ApproximateNeighbors(metric);
}
