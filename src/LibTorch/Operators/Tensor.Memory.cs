using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>A new handle on the same elements, which keeps its place in the graph.</summary>
        public Tensor alias() => Ops.Alias.Call(this);
        public Tensor clone() => Ops.Clone.Call(this);
        public Tensor contiguous() => Ops.Contiguous.Call(this);
        public Tensor contiguous(memory_format memory_format) => Ops.Contiguous.Call(this, memory_format);
        public Tensor detach() => Ops.Detach.Call(this);
        public Tensor detach_() => Ops.DetachInPlace.Change(this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) => Ops.CopyInPlace.Change(this, source, nonBlocking);
        public Tensor set_(Tensor source) => Ops.SetInPlaceSourceTensor.Change(this, source);
        public Tensor fill_(Scalar value) => Ops.FillInPlaceScalar.Change(this, value);
        public Tensor zero_() => Ops.ZeroInPlace.Change(this);
        public Tensor resize_(params long[] shape) => Ops.ResizeInPlace.Change(this, shape);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(Ops.ToDtype.Call(this, type, non_blocking, copy), disposeAfter);

        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            Moved(Ops.ToDevice.Call(this, device, type, non_blocking, copy), disposeAfter);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => Ops.ToOther.Call(this, other, non_blocking);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(type, copy, disposeAfter, non_blocking);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);
        public Tensor type(ScalarType dtype) => to(dtype);
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);

        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);

        public Tensor @bool() => to(ScalarType.Bool);
        public Tensor @byte() => to(ScalarType.Byte);
        public Tensor @char() => to(ScalarType.Int8);
        public Tensor @short() => to(ScalarType.Int16);
        public Tensor @int() => to(ScalarType.Int32);
        public Tensor @long() => to(ScalarType.Int64);
        public Tensor half() => to(ScalarType.Float16);
        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);
        public Tensor bfloat16() => to(ScalarType.BFloat16);

        private Tensor Moved(Tensor result, bool disposeAfter)
        {
            if (disposeAfter) Dispose();
            return result;
        }
    }
}
