using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>How far two rows are apart.</summary>
public enum Metric
{
    /// <summary>Length of the difference.</summary>
    Euclidean,

    /// <summary>One minus the cosine of the angle; a row of zeros is at distance 1 from everything else and 0 from other rows of zeros.</summary>
    Cosine,
}

/// <summary>Finds nearest rows. Implementations are sealed records of their parameters.</summary>
public interface INeighborSearch
{
    /// <summary>Prepares the rows to be asked.</summary>
    INeighborIndex Index(Matrix data, Job job);
}

/// <summary>Rows prepared for search.</summary>
public interface INeighborIndex
{
    /// <summary>Number of rows.</summary>
    int Rows { get; }

    /// <summary>The nearest <paramref name="count"/> other rows of every row; at most rows − 1 of them.</summary>
    NeighborTable All(int count, Job job);

    /// <summary>The nearest <paramref name="count"/> rows of every one of other rows; at most as many as there are.</summary>
    /// <exception cref="InputException">The columns do not match.</exception>
    NeighborTable Query(Matrix rows, int count, Job job);
}
