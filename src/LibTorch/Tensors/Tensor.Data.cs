using System.Numerics;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements in logical order; <typeparamref name="T"/> must be the tensor's own element type.</summary>
        public TensorAccessor<T> data<T>() where T : struct
        {
            Require(typeof(T));
            return new TensorAccessor<T>(this);
        }

        /// <summary>The memory of a contiguous tensor on the CPU. The tensor must outlive the span.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!is_contiguous()) throw new InvalidOperationException("The bytes of a tensor that is not contiguous cannot be read: call contiguous() first.");
                if (device_type != DeviceType.CPU) throw new InvalidOperationException($"The bytes of a tensor on {device} cannot be read: call cpu() first.");
                long length = NumberOfElements * ElementSize;
                if (length > int.MaxValue) throw new ArgumentException($"The tensor holds {length} bytes, and a span at most {int.MaxValue}.");
                return new Span<byte>((void*)DataPointer, (int)length);
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"The tensor holds {target.Length} bytes and was given {value.Length}.");
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        /// <summary>The one element; <typeparamref name="T"/> must be the tensor's own element type.</summary>
        public T item<T>() where T : struct
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Only a tensor of one element has an item; this one has {NumberOfElements}.");
            Require(typeof(T));
            using var here = new TensorAccessor<T>(this);
            return here.First;
        }

        internal unsafe nint DataPointer
        {
            get
            {
                void* data;
                Bridge.Check(Bridge.mi_tensor_data(Handle, &data));
                return Keep((nint)data);
            }
        }

        private void Require(Type type)
        {
            if (ElementTypes.TryOf(type) != dtype) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        internal Scalar ToScalar()
        {
            if (NumberOfElements != 1) throw new ArgumentException($"Only a tensor of one element is a number; this one has {NumberOfElements}.");
            return Ops.Item.Number(this);
        }

        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator bool(Tensor value) => value.ToBoolean();

        public static implicit operator Tensor(byte value) => tensor(value);
        public static implicit operator Tensor(sbyte value) => tensor(value);
        public static implicit operator Tensor(short value) => tensor(value);
        public static implicit operator Tensor(int value) => tensor(value);
        public static implicit operator Tensor(long value) => tensor(value);
        public static implicit operator Tensor(float value) => tensor(value);
        public static implicit operator Tensor(double value) => tensor(value);
        public static implicit operator Tensor(bool value) => tensor(value);
        public static implicit operator Tensor((float, float) value) => tensor(value);
        public static implicit operator Tensor(Complex value) => tensor(value);
        public static implicit operator Tensor(byte[] value) => tensor(value);
        public static implicit operator Tensor(sbyte[] value) => tensor(value);
        public static implicit operator Tensor(short[] value) => tensor(value);
        public static implicit operator Tensor(int[] value) => tensor(value);
        public static implicit operator Tensor(long[] value) => tensor(value);
        public static implicit operator Tensor(float[] value) => tensor(value);
        public static implicit operator Tensor(double[] value) => tensor(value);
        public static implicit operator Tensor(bool[] value) => tensor(value);
        public static implicit operator Tensor((float, float)[] value) => tensor(value);
        public static implicit operator Tensor(Complex[] value) => tensor(value);
        public static implicit operator Tensor(Scalar scalar) => Ops.ScalarTensor.Call(scalar, scalar.Type, Value.None, CPU, Value.None);
    }
}
