using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>PCA of rows that stay in their file: one pass for the directions, one for the scores, always exact.</summary>
/// <remarks>
/// Memory: columns² doubles twice and a block of rows, whatever the number of rows. Cost: n·d² for the covariance, d³ for its eigenvectors,
/// n·d·k for the scores.
/// </remarks>
public static class StreamedPca
{
    private const int BlockValues = 1 << 23, FewestRows = 256, MostColumns = 16384;

    /// <summary>Finds mean and directions of all rows of a file.</summary>
    /// <exception cref="InputException">There are too few rows or too many columns, or a value is not finite.</exception>
    public static PcaModel Fit(Pca pca, NpyRows rows, Job job) => Fit(pca, rows, AtOnce(rows), job);

    internal static PcaModel Fit(Pca pca, NpyRows rows, int atOnce, Job job)
    {
        if (rows.RowLength > MostColumns) throw new InputException(
            $"Rows of {rows.RowLength:N0} columns cannot be streamed: their covariance does not fit into memory; at most {MostColumns:N0} columns can. Leave --stream out, or pool the rows first.");
        var sums = new PcaSums(rows.RowLength);
        EachBlock(rows, atOnce, "PCA, covariance", job, block => sums.Add(block, job.Cancel));
        return pca.Model(sums);
    }

    /// <summary>Appends the scores of all rows of a file to another.</summary>
    /// <exception cref="InputException">The rows have another number of columns than those the model was fitted on, or a value is not finite.</exception>
    public static void Place(PcaModel model, NpyRows rows, NpyWriter scores, Job job) =>
        EachBlock(rows, AtOnce(rows), "PCA, scores", job, block => scores.Append(model.Transform(block).Values, block.Rows));

    private static int AtOnce(NpyRows rows) => Math.Max(FewestRows, BlockValues / Math.Max(1, rows.RowLength));

    private static void EachBlock(NpyRows rows, int atOnce, string step, Job job, Action<Matrix> body)
    {
        for (long from = 0; from < rows.Count; from += atOnce)
        {
            job.Report(step, from, rows.Count);
            body(rows.Rows(from, (int)Math.Min(atOnce, rows.Count - from)));
        }
        job.Report(step, rows.Count, rows.Count);
    }
}
