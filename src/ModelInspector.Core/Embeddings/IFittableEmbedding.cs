using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>An embedding that can also place rows it was not fitted on.</summary>
public interface IFittableEmbedding : IEmbedding
{
    /// <summary>Embeds every row of <paramref name="data"/> and keeps what is needed to place others.</summary>
    /// <exception cref="InputException">As <see cref="IEmbedding.Embed"/>.</exception>
    IFittedEmbedding Fit(Matrix data, Job job);

    /// <summary>Puts an embedding that was fitted by this method together again.</summary>
    /// <exception cref="InputException">The numbers do not fit together.</exception>
    IFittedEmbedding Restore(FittedState state);
}

/// <summary>An embedding fitted to some rows.</summary>
public interface IFittedEmbedding
{
    /// <summary>The rows it was fitted on, embedded.</summary>
    Projection Projection { get; }

    /// <summary>All that is needed to place rows, as plain numbers: to be saved and restored to the bit.</summary>
    FittedState State { get; }

    /// <summary>Places other rows beside the fitted ones; each row's place depends on that row and the fitted ones alone.</summary>
    /// <param name="rows">Rows with as many columns as the fitted data.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <exception cref="InputException">The columns do not match, or a value is not finite.</exception>
    Matrix Place(Matrix rows, Job job);
}
