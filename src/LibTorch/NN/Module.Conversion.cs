using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>What the running conversion has replaced: a parameter that two modules share stays shared.</summary>
            [ThreadStatic]
            private static Dictionary<Tensor, Tensor>? replaced;

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireFloating(dtype);
                foreach (var child in _internal_submodules.Values) child._to(device, dtype, non_blocking);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                foreach (var child in _internal_submodules.Values) child._to(deviceType, deviceIndex, non_blocking);
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireFloating(dtype);
                foreach (var child in _internal_submodules.Values) child._to(dtype, non_blocking);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) => _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>Replaces the own parameters and buffers, here and in the fields that hold them.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (key, parameter) in _internal_params.ToArray())
                    if (ReplaceParameter(dtype, device, parameter, out var moved)) Replace(parameter, _internal_params[key] = moved);
                foreach (var (key, (buffer, persistent)) in _internal_buffers.ToArray())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    _internal_buffers[key] = (moved, persistent);
                    Replace(buffer, moved);
                }
                if (device is not null) (_deviceType, _deviceIndex) = (device.type, device.index);
            }

            private void Replace(Tensor old, Tensor moved)
            {
                foreach (var field in ComponentFields())
                    if (ReferenceEquals(field.GetValue(this), old)) field.SetValue(this, moved);
                replaced?.TryAdd(old, moved);
                old.Dispose();
            }

            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter p)
            {
                if (replaced is not null && replaced.TryGetValue(param, out var twin)) return (p = (Parameter)twin) is not null;
                p = param;
                if (!Moves(param, dtype, device)) return false;
                using var scope = NewDisposeScope();
                p = new Parameter(Moved(param, dtype, device), param.requires_grad);
                p.DetachFromDisposeScope();
                if (param.grad is { } gradient) p.grad = Moved(gradient, dtype, device);
                return true;
            }

            /// <summary>As for parameters, but a buffer of integers or booleans keeps its element type.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor result)
            {
                if (replaced is not null && replaced.TryGetValue(buffer, out var twin)) return (result = twin) is not null;
                if (!IsFloatingOrComplex(buffer.dtype)) dtype = null;
                var moves = Moves(buffer, dtype, device);
                result = moves ? Moved(buffer, dtype, device).DetachFromDisposeScope() : buffer;
                return moves;
            }

            private static bool Moves(Tensor tensor, ScalarType? dtype, Device? device) =>
                (dtype is not null && dtype != tensor.dtype)
                || (device is not null && (device.type != tensor.device_type || (device.index >= 0 && device.index != tensor.device_index)));

            private static Tensor Moved(Tensor tensor, ScalarType? dtype, Device? device)
            {
                using var detached = tensor.detach();
                return detached.to(dtype ?? tensor.dtype, device ?? tensor.device);
            }

            private static void RequireFloating(ScalarType dtype)
            {
                if (!IsFloatingOrComplex(dtype)) throw new ArgumentException($"A module can be converted to a floating or complex type, not to {dtype}.");
            }

            private static bool IsFloatingOrComplex(ScalarType dtype) => dtype is ScalarType.Float16 or ScalarType.BFloat16
                or ScalarType.Float32 or ScalarType.Float64 or ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

            /// <summary>Runs one conversion over a whole tree.</summary>
            internal static T Convert<T>(T module, Func<T, Module> conversion) where T : Module
            {
                if (replaced is not null) return (T)conversion(module);
                replaced = new(ReferenceEqualityComparer.Instance);
                try
                {
                    return (T)conversion(module);
                }
                finally
                {
                    replaced = null;
                }
            }
        }
    }
}
