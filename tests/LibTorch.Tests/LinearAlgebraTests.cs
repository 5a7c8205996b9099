using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class LinearAlgebraTests
{
    private static Tensor A => Matrix(4, 1, 1, 3);
    private static Tensor I => eye(2, dtype: float64);

    public static Cases Table => new()
    {
        { "matmul", [2, 2], () => matmul(M23, M23.T), 14, 32, 32, 77 },
        { "mm", () => mm(A, A), 17, 7, 7, 10 },
        { "bmm", [1, 2, 2], () => bmm(A.unsqueeze(0), A.unsqueeze(0)), 17, 7, 7, 10 },
        { "mv", () => mv(A, D(1, 2)), 6, 7 },
        { "dot", () => dot(D(1, 2), D(3, 4)), 11 },
        { "vdot", () => D(1, 2).vdot(D(3, 4)), 11 },
        { "inner", () => D(1, 2).inner(D(3, 4)), 11 },
        { "outer", [2, 2], () => outer(D(1, 2), D(3, 4)), 3, 4, 6, 8 },
        { "kron", [2, 2], () => D(1, 2).reshape(1, 2).kron(D(3, 4).reshape(2, 1)), 3, 6, 4, 8 },
        { "cross", () => D(1, 0, 0).cross(D(0, 1, 0), 0), 0, 0, 1 },
        { "addmm", () => addmm(I, A, I, 2, 3), 14, 3, 3, 11 },
        { "addmv", () => D(1, 1).addmv(A, D(1, 2), 2, 3), 20, 23 },
        { "baddbmm", () => baddbmm(I.unsqueeze(0), A.unsqueeze(0), I.unsqueeze(0), 2, 3), 14, 3, 3, 11 },
        { "tensordot", () => tensordot(A, A), 27 },
        { "tensordot one", [2, 2], () => tensordot(A, I, 1), 4, 1, 1, 3 },
        { "tensordot dims", [2, 2], () => tensordot(A, A, [0L], [0L]), 17, 7, 7, 10 },
        { "tensordot pairs", [2, 2], () => tensordot(A, A, [(0L, 0L)]), 17, 7, 7, 10 },
        { "einsum", () => einsum("ij,ij->i", A, A), 17, 10 },
        { "trace", () => trace(A), 7 },
        { "renorm", () => renorm(Matrix(3, 4, 0.3, 0.4), 2, 0, 1).round(5), 0.6, 0.8, 0.3, 0.4 },
        { "det", () => A.det(), 11 },
        { "logdet", () => A.logdet(), Math.Log(11) },
        { "inverse", () => A.inverse(), 3.0 / 11, -1.0 / 11, -1.0 / 11, 4.0 / 11 },
        { "pinverse", () => A.pinverse(), 3.0 / 11, -1.0 / 11, -1.0 / 11, 4.0 / 11 },
        { "cholesky", () => Matrix(4, 2, 2, 5).cholesky(), 2, 0, 1, 2 },
        { "matrix_power", () => A.matrix_power(2), 17, 7, 7, 10 },
        { "matrix_exp", () => zeros(2, 2, float64).matrix_exp(), 1, 0, 0, 1 },
        { "cdist", [1, 1], () => cdist(Matrix(0, 0, 0, 0)[..1], Matrix(3, 4, 0, 0)[..1]), 5 },
        { "cdist p", [1, 1], () => cdist(Matrix(0, 0, 0, 0)[..1], Matrix(3, 4, 0, 0)[..1], 1), 7 },
        { "linalg.cholesky", () => linalg.cholesky(Matrix(4, 2, 2, 5)), 2, 0, 1, 2 },
        { "linalg.cond", () => linalg.cond(Matrix(4, 0, 0, 2)), 2 },
        { "linalg.cond name", () => linalg.cond(Matrix(4, 0, 0, 2), "fro"), 2.5 },
        { "linalg.cross", () => linalg.cross(D(1, 0, 0), D(0, 1, 0)), 0, 0, 1 },
        { "linalg.det", () => linalg.det(A), 11 },
        { "linalg.slogdet", () => stack([linalg.slogdet(-A).Item1, linalg.slogdet(A).Item2]), 1, Math.Log(11) },
        { "linalg.diagonal", () => linalg.diagonal(A), 4, 3 },
        { "linalg.eig", () => linalg.eig(Matrix(2, 0, 0, 5)).Item1.real, 2, 5 },
        { "linalg.eigh", () => linalg.eigh(Matrix(2, 1, 1, 2)).Item1, 1, 3 },
        { "linalg.eigh from the upper half", () => linalg.eigh(Matrix(2, 1, 99, 2), 'U').Item1, 1, 3 },
        { "linalg.eigvals", () => linalg.eigvals(Matrix(2, 0, 0, 5)).real, 2, 5 },
        { "linalg.eigvalsh", () => linalg.eigvalsh(Matrix(2, 1, 1, 2)), 1, 3 },
        { "linalg.inv", () => linalg.inv(A), 3.0 / 11, -1.0 / 11, -1.0 / 11, 4.0 / 11 },
        { "linalg.solve", () => linalg.solve(A, D(6, 7)), 1, 2 },
        { "linalg.solve_triangular", () => linalg.solve_triangular(Matrix(2, 0, 1, 1), D(4, 5).reshape(2, 1), upper: false), 2, 3 },
        { "linalg.lstsq", () => linalg.lstsq(A, D(6, 7).reshape(2, 1)).Solution, 1, 2 },
        { "linalg.lstsq rcond", () => linalg.lstsq(A, D(6, 7).reshape(2, 1), 1e-10).Solution, 1, 2 },
        { "linalg.lu", () => linalg.lu(Matrix(2, 4, 4, 2)).U, 4, 2, 0, 3 },
        { "linalg.lu_factor", () => linalg.lu_factor(Matrix(2, 4, 4, 2)).LU, 4, 2, 0.5, 3 },
        { "linalg.qr", () => linalg.qr(Matrix(3, 0, 4, 5)).R.abs(), 5, 4, 0, 3 },
        { "linalg.qr complete", [3, 3], () => linalg.qr(D(1, 0, 0).reshape(3, 1), linalg.QRMode.Complete).Q.abs(), 1, 0, 0, 0, 1, 0, 0, 0, 1 },
        { "linalg.svd", () => linalg.svd(Matrix(0, 3, 2, 0)).S, 3, 2 },
        { "linalg.svd thin", [3, 2], () => linalg.svd(M23.T, false).U.mul(0), 0, 0, 0, 0, 0, 0 },
        { "linalg.svdvals", () => linalg.svdvals(Matrix(0, 3, 2, 0)), 3, 2 },
        { "linalg.matrix_norm", () => linalg.matrix_norm(Matrix(1, 2, 2, 4)), 5 },
        { "linalg.matrix_norm ord", () => linalg.matrix_norm(Matrix(1, 2, 2, 4), 1), 6 },
        { "linalg.matrix_rank", () => linalg.matrix_rank(Matrix(1, 2, 2, 4)), 1 },
        { "linalg.matrix_rank tolerance", () => linalg.matrix_rank(Matrix(4, 0, 0, 0.1), atol: 0.5), 1 },
        { "linalg.matrix_rank tensor", () => linalg.matrix_rank(Matrix(4, 0, 0, 0.1), tensor(0.5)), 1 },
        { "linalg.matrix_power", () => linalg.matrix_power(A, 2), 17, 7, 7, 10 },
        { "linalg.matrix_exp", () => linalg.matrix_exp(zeros(2, 2, float64)), 1, 0, 0, 1 },
        { "linalg.multi_dot", () => linalg.multi_dot([A, I, A]), 17, 7, 7, 10 },
        { "linalg.norm", () => linalg.norm(D(3, 4)), 5 },
        { "linalg.norm ord", () => linalg.norm(D(3, 4), 1.0), 7 },
        { "linalg.norm int", () => linalg.norm(D(3, 4), 1), 7 },
        { "linalg.norm name", () => linalg.norm(Matrix(1, 2, 2, 4), "fro"), 5 },
        { "linalg.norm dims", () => linalg.norm(Matrix(3, 4, 6, 8), [1L]), 5, 10 },
        { "linalg.vector_norm", () => linalg.vector_norm(D(3, 4)), 5 },
        { "linalg.vector_norm max", () => linalg.vector_norm(D(3, -4), double.PositiveInfinity), 4 },
        { "linalg.pinv", () => linalg.pinv(A), 3.0 / 11, -1.0 / 11, -1.0 / 11, 4.0 / 11 },
        { "linalg.pinv tensor", () => linalg.pinv(A, tensor(1e-9)), 3.0 / 11, -1.0 / 11, -1.0 / 11, 4.0 / 11 },
        { "linalg.vecdot", () => linalg.vecdot(D(1, 2), D(3, 4)), 11 },
        { "linalg.vecdot out", () => linalg.vecdot(D(1, 2), D(3, 4), @out: zeros([], float64)), 11 },
        { "fft.fft_", () => fft.fft_(D(1, 0, 0, 0)).real, 1, 1, 1, 1 },
        { "fft.fft_ ortho", () => fft.fft_(D(1, 0, 0, 0), norm: FFTNormType.Ortho).real, 0.5, 0.5, 0.5, 0.5 },
        { "fft.ifft", () => fft.ifft(D(1, 1, 1, 1)).real, 1, 0, 0, 0 },
        { "fft.ifft forward", () => fft.ifft(D(1, 1, 1, 1), norm: FFTNormType.Forward).real, 4, 0, 0, 0 },
        { "fft.rfft", [3], () => fft.rfft(D(1, -1, 1, -1)).real, 0, 0, 4 },
        { "fft.irfft", () => fft.irfft(fft.rfft(D(1, 2, 3, 4))), 1, 2, 3, 4 },
        { "fft.irfft length", [3], () => fft.irfft(fft.rfft(D(1, 2, 3)), 3), 1, 2, 3 },
        { "fft.fft2", () => fft.fft2(Matrix(1, 2, 3, 4)).real, 10, -2, -4, 0 },
        { "fft.ifft2", () => fft.ifft2(fft.fft2(A)).real, 4, 1, 1, 3 },
        { "fft.rfft2", () => fft.rfft2(Matrix(1, 2, 3, 4)).real, 10, -2, -4, 0 },
        { "fft.irfft2", () => fft.irfft2(fft.rfft2(A)), 4, 1, 1, 3 },
        { "fft.fftn", () => fft.fftn(Matrix(1, 2, 3, 4)).real, 10, -2, -4, 0 },
        { "fft.ifftn", () => fft.ifftn(fft.fftn(A)).real, 4, 1, 1, 3 },
        { "fft.fftshift", () => fft.fftshift(D(0, 1, 2, 3)), 2, 3, 0, 1 },
        { "fft.ifftshift", () => fft.ifftshift(D(2, 3, 0, 1)), 0, 1, 2, 3 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    [Fact]
    public void The_factors_of_a_decomposition_multiply_back()
    {
        using var scope = NewDisposeScope();
        var (u, s, vh) = linalg.svd(M23, fullMatrices: false);
        Elements(u.matmul(s.diag()).matmul(vh), 1, 2, 3, 4, 5, 6);
        var (q, r) = linalg.qr(M23.T);
        Elements(q.matmul(r), 1, 4, 2, 5, 3, 6);
        var (p, l, up) = linalg.lu(A);
        Elements(p.matmul(l).matmul(up), 4, 1, 1, 3);
        var (values, vectors) = linalg.eigh(A);
        Elements(vectors.matmul(values.diag()).matmul(vectors.T), 4, 1, 1, 3);
    }
}
