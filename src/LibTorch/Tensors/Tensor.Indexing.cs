using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[long i1]
        {
            get => Select([i1]);
            set => Assign([i1], value);
        }

        public Tensor this[long i1, long i2]
        {
            get => Select([i1, i2]);
            set => Assign([i1, i2], value);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => Select([i1, i2, i3]);
            set => Assign([i1, i2, i3], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => Select([i1, i2, i3, i4]);
            set => Assign([i1, i2, i3, i4], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => Select([i1, i2, i3, i4, i5]);
            set => Assign([i1, i2, i3, i4, i5], value);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => Select([i1, i2, i3, i4, i5, i6]);
            set => Assign([i1, i2, i3, i4, i5, i6], value);
        }

        public Tensor this[params long[] indices]
        {
            get => Select(indices);
            set => Assign(indices, value);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var walk = new IndexWalk(this, indices);
            return walk.Tensors.Length == 0 ? walk.TakeView() : Ops.IndexTensor.Call(walk.View, walk.Tensors);
        }

        public Tensor index(params Tensor[] indices) => Ops.IndexTensor.Call(this, indices);

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var walk = new IndexWalk(this, indices);
            if (walk.Tensors.Length == 0) walk.Write(value, accumulate);
            else Ops.IndexPutInPlace.Change(walk.View, walk.Tensors, value, accumulate);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Ops.IndexPutInPlace.Change(this, indices, value, accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var tensor = Like(value);
            return index_put_(tensor, indices, false);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var tensor = Like(value);
            return index_put_(tensor, indices, false);
        }

        private Tensor Like(Scalar value) => Ops.ScalarTensor.Call(value, dtype, Value.None, device, Value.None);

        private Tensor Select(ReadOnlySpan<long> indices)
        {
            Tensor view = this;
            foreach (long position in indices)
            {
                var next = Ops.SelectInt.Call(view, 0, position);
                if (view != (object)this) view.Dispose();
                view = next;
            }
            return view == (object)this ? alias() : view;
        }

        private void Assign(ReadOnlySpan<long> indices, Tensor value)
        {
            using var view = Select(indices);
            IndexWalk.Copy(view, value);
        }
    }
}
