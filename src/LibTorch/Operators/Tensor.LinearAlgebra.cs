using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Ops.Matmul.Call(this, target);
        public Tensor mm(Tensor target) => Ops.Mm.Call(this, target);
        public Tensor bmm(Tensor batch2) => Ops.Bmm.Call(this, batch2);
        public Tensor mv(Tensor target) => Ops.Mv.Call(this, target);
        public Tensor dot(Tensor target) => Ops.Dot.Call(this, target);
        public Tensor vdot(Tensor target) => Ops.Vdot.Call(this, target);
        public Tensor inner(Tensor vec2) => Ops.Inner.Call(this, vec2);
        public Tensor outer(Tensor vec2) => Ops.Outer.Call(this, vec2);
        public Tensor kron(Tensor other) => Ops.Kron.Call(this, other);
        public Tensor cross(Scalar other, long dim) => Ops.Cross.Call(this, other, dim);
        public Tensor cross(Tensor other, long dim) => Ops.Cross.Call(this, other, dim);

        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Ops.Addmm.Call(this, mat1, mat2, (double)beta, (double)alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Ops.Addmv.Call(this, mat, vec, (double)beta, (double)alpha);

        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) =>
            Ops.Baddbmm.Call(this, batch1, batch2, (double)beta, (double)alpha);

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Ops.Tensordot.Call(this, b, dims1, dims2);

        public Tensor tensordot(Tensor b, (long, long)[] dims) =>
            Ops.Tensordot.Call(this, b, Array.ConvertAll(dims, pair => pair.Item1), Array.ConvertAll(dims, pair => pair.Item2));

        public Tensor tensordot(Tensor b, long dims = 2) =>
            Ops.Tensordot.Call(this, b, Count(Dimensions - dims, dims), Count(0, dims));

        public Tensor det() => Ops.LinalgDet.Call(this);
        public Tensor logdet() => Ops.Logdet.Call(this);
        public Tensor inverse() => Ops.Inverse.Call(this);
        public Tensor pinverse(double rcond = 1E-15, bool hermitian = false) => Ops.LinalgPinv.Call(this, rcond, hermitian);
        public Tensor cholesky(bool upper = false) => Ops.Cholesky.Call(this, upper);
        public Tensor matrix_power(long n) => Ops.LinalgMatrixPower.Call(this, n);
        public Tensor matrix_exp() => Ops.LinalgMatrixExp.Call(this);
        public Tensor trace() => Ops.Trace.Call(this);
        public Tensor renorm(float p, long dim, float maxnorm) => Ops.Renorm.Call(this, (double)p, dim, (double)maxnorm);

        private static long[] Count(long first, long count) => [.. Enumerable.Range(0, (int)count).Select(k => first + k)];
    }
}
