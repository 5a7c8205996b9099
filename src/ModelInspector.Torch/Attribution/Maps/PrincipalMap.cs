using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>
/// Each position's projection onto the first right singular vector of the (positions × channels) matrix, from the eigenvector of the
/// smaller Gram matrix: min(channels, positions)² numbers instead of a full singular value decomposition.
/// </summary>
/// <remarks>
/// A singular vector has no sign of its own. The rule: the projection agrees in sign with the sum over channels,
/// Σ_p projection(p) · Σ_k X_k(p) ≥ 0; where that is 0 nothing is turned.
/// </remarks>
internal static class PrincipalMap
{
    /// <param name="values">(samples, channels, positions…).</param>
    /// <param name="centred">Whether each channel's mean over positions is taken off first.</param>
    /// <returns>(samples, positions…).</returns>
    public static Tensor Of(Tensor values, bool centred)
    {
        var given = values.reshape(values.shape[0], values.shape[1], -1).to(ScalarType.Float64);    // (N, C, P)
        var matrix = centred ? given - given.mean([2], keepdim: true) : given;
        var projection = matrix.shape[1] <= matrix.shape[2] ? FromChannels(matrix) : FromPositions(matrix);
        var turn = ((projection * matrix.sum(1)).sum([1], keepdim: true) < 0).to(ScalarType.Float64).mul(-2).add(1);
        return (projection * turn).to(values.dtype).reshape([values.shape[0], .. values.shape[2..]]);
    }

    private static Tensor FromChannels(Tensor matrix) =>
        matrix.transpose(1, 2).matmul(LeadingVector.Of(matrix.matmul(matrix.transpose(1, 2))).Vector).squeeze(2);   // (N, P)

    private static Tensor FromPositions(Tensor matrix)
    {
        var (value, vector) = LeadingVector.Of(matrix.transpose(1, 2).matmul(matrix));
        return (vector * value.clamp_min(0).sqrt()).squeeze(2);                                            // (N, P)
    }
}
