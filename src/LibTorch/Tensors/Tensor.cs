using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor: one native handle. Dispose it, or let a dispose scope do so; the finalizer is only the last resort.
    /// Using it after that throws <see cref="InvalidOperationException"/>.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long s_total;
        private static long s_peak;

        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            CountUp();
            OwningDisposeScope = DisposeScopeManager.Register(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>How many tensors are alive in the process.</summary>
        public static long TotalCount => Interlocked.Read(ref s_total);

        /// <summary>The most tensors that were ever alive at once.</summary>
        public static long PeakCount => Interlocked.Read(ref s_peak);

        public string? name { get; set; }

        public bool IsInvalid => _handle == 0;

        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>Makes a tensor of a native handle, which it owns from then on.</summary>
        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Bridge.mi_tensor_free(handle);
            Interlocked.Decrement(ref s_total);
            if (disposing) LeaveScope();
        }

        /// <summary>Takes the native handle out: the tensor becomes invalid without freeing it.</summary>
        internal IntPtr MoveHandle()
        {
            nint handle = Handle;
            _handle = 0;
            Interlocked.Decrement(ref s_total);
            LeaveScope();
            return handle;
        }

        /// <summary>A result that never was: <see cref="IsInvalid"/> from the start, in no scope, counted nowhere.</summary>
        internal static Tensor Invalid() => new();

#pragma warning disable CA1816 // Nothing is left for the finalizer to free.
        private Tensor() => GC.SuppressFinalize(this);
#pragma warning restore CA1816

        private void LeaveScope()
        {
            if (OwningDisposeScope is { } scope) scope.Forget(this);
            else DisposeScopeManager.Current.Tensors.DisposedOutsideScopeCount++;
        }

        private static void CountUp()
        {
            long total = Interlocked.Increment(ref s_total);
            for (long peak = s_peak; total > peak; peak = s_peak)
                if (Interlocked.CompareExchange(ref s_peak, total, peak) == peak) return;
        }
    }
}
