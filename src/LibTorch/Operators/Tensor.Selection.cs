using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index) => Ops.Gather.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index, bool sparse_grad) => Ops.Gather.Call(this, dim, index, sparse_grad);
        public Tensor take(Tensor index) => Ops.Take.Call(this, index);
        public Tensor take_along_dim(Tensor indices) => Ops.TakeAlongDim.Call(this, indices, Value.None);
        public Tensor take_along_dim(Tensor indices, long dim) => Ops.TakeAlongDim.Call(this, indices, dim);

        public Tensor take_along_dim(IEnumerable<long> indices)
        {
            using var index = tensor(indices.ToArray(), device: device);
            return take_along_dim(index);
        }

        public Tensor take_along_dim(IEnumerable<long> indices, long dim)
        {
            using var index = tensor(indices.ToArray(), device: device);
            return take_along_dim(index, dim);
        }

        public Tensor scatter(long dim, Tensor index, Tensor src) => Ops.ScatterSrc.Call(this, dim, index, src);
        public Tensor scatter(long dim, Tensor index, Scalar value) => Ops.ScatterValue.Call(this, dim, index, value);
        public Tensor scatter_(long dim, Tensor index, Tensor src) => Ops.ScatterInPlaceSrc.Change(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Scalar value) => Ops.ScatterInPlaceValue.Change(this, dim, index, value);
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Ops.ScatterAdd.Call(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => Ops.ScatterAddInPlace.Change(this, dim, index, src);

        public Tensor index_select(long dim, Tensor index) => Ops.IndexSelect.Call(this, dim, index);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.IndexAdd.Call(this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Ops.IndexAddInPlace.Change(this, dim, index, source, alpha);
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Ops.IndexCopy.Call(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => Ops.IndexCopyInPlace.Change(this, dim, index, source);
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Ops.IndexFillIntScalar.Call(this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => Ops.IndexFillInPlaceIntScalar.Change(this, dim, index, value);
    }
}
