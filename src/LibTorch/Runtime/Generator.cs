using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private static readonly Lazy<Generator> s_default = new(MakeDefault);

        private nint _handle;

        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            nint handle;
            Bridge.Check(Bridge.mi_generator_new(seed, (device ?? CPU).Packed, &handle));
            _handle = handle;
        }

        private Generator(nint handle) => _handle = handle;

        ~Generator() => Dispose(false);

        public static Generator Default => s_default.Value;

        public Device device => Device.Unpack(Bridge.mi_generator_device(Handle));

        internal nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Generator invalid -- empty handle.");

        public unsafe Generator manual_seed(long seed)
        {
            Bridge.Check(Bridge.mi_generator_set_seed(Handle, (ulong)seed));
            return this;
        }

        public unsafe long initial_seed()
        {
            ulong seed;
            Bridge.Check(Bridge.mi_generator_get_seed(Handle, &seed));
            return (long)seed;
        }

        /// <summary>Draws a seed from the system, uses it, and returns it.</summary>
        public unsafe long seed()
        {
            ulong seed;
            Bridge.Check(Bridge.mi_generator_reseed(Handle, &seed));
            return (long)seed;
        }

        public unsafe Tensor get_state()
        {
            nint state;
            Bridge.Check(Bridge.mi_generator_get_state(Handle, &state));
            return new Tensor(state);
        }

        public unsafe void set_state(Tensor value)
        {
            Bridge.Check(Bridge.mi_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            if (this == (s_default.IsValueCreated ? s_default.Value : null)) return;
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) Bridge.mi_generator_free(handle);
        }

        private static unsafe Generator MakeDefault()
        {
            nint handle;
            Bridge.Check(Bridge.mi_generator_default(CPU.Packed, &handle));
            return new Generator(handle);
        }
    }
}
