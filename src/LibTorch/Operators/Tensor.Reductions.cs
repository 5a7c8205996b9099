using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Ops.Sum.Call(this, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Ops.SumDimIntList.Call(this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Ops.SumDimIntList.Call(this, dim, keepdim, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Ops.SumDimIntList.Call(this, dim, keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            Ops.SumDimIntList.Call(this, (long[])[dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            Ops.SumDimIntList.Call(this, (long[])[dim0, dim1, dim2], keepdim, type);

        public Tensor nansum() => Ops.Nansum.Call(this);

        public Tensor mean() => Ops.Mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Ops.MeanDim.Call(this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => Ops.Prod.Call(this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Ops.ProdDimInt.Call(this, dim, keepdim, type);

        public Tensor all() => Ops.All.Call(this);
        public Tensor all(long dim, bool keepdim = false) => Ops.AllDim.Call(this, dim, keepdim);
        public Tensor any() => Ops.Any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => Ops.AnyDim.Call(this, dim, keepdim);

        public Tensor max() => Ops.Max.Call(this);
        public Tensor max(Tensor other) => Ops.MaxOther.Call(this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Ops.MaxDim.Pair(this, dim, keepdim);
        public Tensor min() => Ops.Min.Call(this);
        public Tensor min(Tensor other) => Ops.MinOther.Call(this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Ops.MinDim.Pair(this, dim, keepdim);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? Ops.Amax.Call(this, dims, keepdim) : Ops.AmaxOut.Into(this, dims, keepdim, @out);

        public Tensor amax(params long[] dims) => amax(dims, false);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amax(dims.ToArray(), keepdim, @out);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? Ops.Amin.Call(this, dims, keepdim) : Ops.AminOut.Into(this, dims, keepdim, @out);

        public Tensor amin(params long[] dims) => amin(dims, false);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amin(dims.ToArray(), keepdim, @out);

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Ops.Aminmax.Pair(this, dim, keepdim);

        public Tensor argmax() => Ops.Argmax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => Ops.Argmax.Call(this, dim, keepdim);
        public Tensor argmin() => Ops.Argmin.Call(this);
        public Tensor argmin(long dim, bool keepdim = false) => Ops.Argmin.Call(this, dim, keepdim);

        public Tensor median() => Ops.Median.Call(this);
        public (Tensor values, Tensor indexes) median(long dim, bool keepdim = false) => Ops.MedianDim.Pair(this, dim, keepdim);
        public Tensor nanmedian() => Ops.Nanmedian.Call(this);
        public (Tensor values, Tensor indices) mode(long dim = -1L, bool keepdim = false) => Ops.Mode.Pair(this, dim, keepdim);
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => Ops.Kthvalue.Pair(this, k, dim ?? -1, keepdim);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Ops.Quantile.Call(this, q, dim, keepdim);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Ops.Nanquantile.Call(this, q, dim, keepdim);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Ops.CountNonzero.Call(this) : Ops.CountNonzeroDimIntList.Call(this, dims);

        public Tensor cumsum(long dim, ScalarType? type = null) => Ops.Cumsum.Call(this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Ops.Cumprod.Call(this, dim, type);
        public (Tensor values, Tensor indexes) cummax(long dim) => Ops.Cummax.Pair(this, dim);
        public (Tensor values, Tensor indexes) cummin(long dim) => Ops.Cummin.Pair(this, dim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Ops.Logsumexp.Call(this, dim, keepdim);
        public Tensor logcumsumexp(long dim) => Ops.Logcumsumexp.Call(this, dim);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => Ops.Diff.Call(this, n, dim, prepend, append);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Ops.Histc.Call(this, bins, min, max);
        public Tensor bincount(Tensor? weights = null, long minlength = 0) => Ops.Bincount.Call(this, weights, minlength);

        public Tensor norm(float p = 2) => Ops.NormScalar.Call(this, (double)p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Ops.NormScalarOptDim.Call(this, (double)p, dim, keepdim);
        public Tensor dist(Tensor other, float p = 2) => Ops.Dist.Call(this, other, (double)p);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Ops.SoftmaxInt.Call(this, dim, dtype);
        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Ops.LogSoftmaxInt.Call(this, dim, dtype);

        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Ops.Cov.Call(this, correction, fweights, aweights);
        public Tensor corrcoef() => Ops.Corrcoef.Call(this);
    }
}
