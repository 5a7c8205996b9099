using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static class linalg
    {
        public enum QRMode
        {
            Reduced = 0,
            Complete = 1,
            R = 2,
        }

        public static Tensor cholesky(Tensor input) => Ops.LinalgCholesky.Call(input);
        public static Tensor cond(Tensor input, double? p = null) => Ops.LinalgCond.Call(input, p);
        public static Tensor cond(Tensor input, string p) => Ops.LinalgCondPStr.Call(input, p);
        public static Tensor cross(Tensor input, Tensor other, long dim = -1) => Ops.LinalgCross.Call(input, other, dim);
        public static Tensor det(Tensor input) => Ops.LinalgDet.Call(input);
        public static (Tensor, Tensor) slogdet(Tensor input) => Ops.LinalgSlogdet.Pair(input);
        public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = -2, long dim2 = -1) => Ops.LinalgDiagonal.Call(input, offset, dim1, dim2);

        public static (Tensor, Tensor) eig(Tensor input) => Ops.LinalgEig.Pair(input);
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => Ops.LinalgEigh.Pair(input, UPLO.ToString());
        public static Tensor eigvals(Tensor input) => Ops.LinalgEigvals.Call(input);
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => Ops.LinalgEigvalsh.Call(input, UPLO.ToString());

        public static Tensor inv(Tensor input) => Ops.LinalgInv.Call(input);
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Ops.LinalgSolve.Call(A, B, left);

        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false) =>
            Ops.LinalgSolveTriangular.Call(A, B, upper, left, unitriangular);

        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other) =>
            Ops.LinalgLstsq.Quadruple(input, other);

        public static (Tensor Solution, Tensor Residuals, Tensor Rank, Tensor SingularValues) lstsq(Tensor input, Tensor other, double rcond) =>
            Ops.LinalgLstsq.Quadruple(input, other, rcond);

        public static (Tensor P, Tensor L, Tensor U) lu(Tensor input, bool pivot = true) => Ops.LinalgLu.Triple(input, pivot);
        public static (Tensor LU, Tensor? Pivots) lu_factor(Tensor input, bool pivot = true) => Ops.LinalgLuFactor.Pair(input, pivot);

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Ops.LinalgQr.Pair(input, mode switch { QRMode.Complete => "complete", QRMode.R => "r", _ => "reduced" });

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Ops.LinalgSvd.Triple(input, fullMatrices);
        public static Tensor svdvals(Tensor input) => Ops.LinalgSvdvals.Call(input);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            Ops.LinalgMatrixNormStrOrd.Call(input, ord, dims ?? [-2, -1], keepdim);

        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Ops.LinalgMatrixNorm.Call(input, ord, dims ?? [-2, -1], keepdim);

        public static Tensor matrix_rank(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Ops.LinalgMatrixRankAtolRtolFloat.Call(input, atol, rtol, hermitian);

        public static Tensor matrix_rank(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Ops.LinalgMatrixRankAtolRtolTensor.Call(input, atol, rtol, hermitian);

        public static Tensor matrix_power(Tensor input, long n) => Ops.LinalgMatrixPower.Call(input, n);
        public static Tensor matrix_exp(Tensor input) => Ops.LinalgMatrixExp.Call(input);
        public static Tensor multi_dot(IList<Tensor> tensors) => Ops.LinalgMultiDot.Call(tensors.ToArray());

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) =>
            Ops.LinalgNormOrdStr.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) => Ops.LinalgNorm.Call(input, ord, dims, keepdim);
        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) => Ops.LinalgNorm.Call(input, (double)ord, dims, keepdim);
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) => Ops.LinalgNorm.Call(input, Value.None, dims, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            Ops.LinalgVectorNorm.Call(input, ord, dims, keepdim);

        public static Tensor pinv(Tensor input, double? atol = null, double? rtol = null, bool hermitian = false) =>
            Ops.LinalgPinvAtolRtolFloat.Call(input, atol, rtol, hermitian);

        public static Tensor pinv(Tensor input, Tensor atol, Tensor? rtol = null, bool hermitian = false) =>
            Ops.LinalgPinvAtolRtolTensor.Call(input, atol, rtol, hermitian);

        public static Tensor vecdot(Tensor x, Tensor y, long dim = -1, Tensor? @out = null) =>
            @out is null ? Ops.LinalgVecdot.Call(x, y, dim) : Ops.LinalgVecdotOut.Into(x, y, dim, @out);
    }
}
