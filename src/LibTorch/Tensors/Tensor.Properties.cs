using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Keep(Bridge.mi_tensor_dim(Handle));
        public long ndim => Dimensions;
        public long NumberOfElements => Keep(Bridge.mi_tensor_numel(Handle));
        public long ElementSize => Keep(Bridge.mi_tensor_element_size(Handle));
        public ScalarType dtype => (ScalarType)Keep(Bridge.mi_tensor_dtype(Handle));
        public Device device => Device.Unpack(Keep(Bridge.mi_tensor_device(Handle)));
        public DeviceType device_type => device.type;
        public int device_index => device.index;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_leaf => Keep(Bridge.mi_tensor_is_leaf(Handle)) != 0;
        public bool is_sparse => Keep(Bridge.mi_tensor_is_sparse(Handle)) != 0;
        public Tensor T => Ops.NumpyT.Call(this);
        public Tensor mT => Ops.MT.Call(this);
        public Tensor H => Ops.MH.Call(this);

        public unsafe bool requires_grad
        {
            get => Keep(Bridge.mi_tensor_requires_grad(Handle)) != 0;
            set
            {
                Bridge.Check(Bridge.mi_tensor_set_requires_grad(Handle, Bridge.Flag(value)));
                GC.KeepAlive(this);
            }
        }

        public unsafe long[] shape
        {
            get
            {
                var extents = new long[Dimensions];
                fixed (long* target = extents) Bridge.mi_tensor_sizes(Handle, target);
                return Keep(extents);
            }
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long[] size() => shape;

        public long size(int dim) => shape[Axis(dim)];

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* target = strides) Bridge.Check(Bridge.mi_tensor_strides(Handle, target));
            return Keep(strides);
        }

        public long stride(int dim) => stride()[Axis(dim)];

        public unsafe long storage_offset()
        {
            long offset;
            Bridge.Check(Bridge.mi_tensor_storage_offset(Handle, &offset));
            return Keep(offset);
        }

        public unsafe bool is_contiguous()
        {
            byte contiguous;
            Bridge.Check(Bridge.mi_tensor_is_contiguous(Handle, &contiguous));
            return Keep(contiguous) != 0;
        }

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        private int Axis(int dim)
        {
            int rank = (int)Dimensions;
            int axis = dim < 0 ? dim + rank : dim;
            return axis >= 0 && axis < rank ? axis : throw new ArgumentOutOfRangeException(nameof(dim), dim, $"The tensor has {rank} dimensions.");
        }

        // The finalizer must not free the handle while native code reads it.
        private V Keep<V>(V value)
        {
            GC.KeepAlive(this);
            return value;
        }
    }

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_complex(ScalarType type) => type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    public static bool is_floating_point(Tensor t) => t.is_floating_point();

    public static bool is_complex(Tensor t) => t.is_complex();

    public static bool is_integral(Tensor t) => t.is_integral();
}
