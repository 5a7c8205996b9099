using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.NewDisposeScope();

    /// <summary>Runs a computation in a dispose scope of its own and hands out only its result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        ArgumentNullException.ThrowIfNull(expr);
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_grad_enabled() => Bridge.mi_grad_mode_get() != 0;
    public static bool is_inference_mode_enabled() => Bridge.mi_inference_mode_get() != 0;

    // Both are states of one thread and give the previous state back.
    private sealed class GradMode : IDisposable
    {
        private readonly byte _before = Bridge.mi_grad_mode_get();
        private bool _left;

        internal GradMode(bool on) => Bridge.mi_grad_mode_set(Bridge.Flag(on));

        public void Dispose()
        {
            if (_left) return;
            _left = true;
            Bridge.mi_grad_mode_set(_before);
        }
    }

    private sealed class InferenceMode(bool on) : IDisposable
    {
        private readonly int _thread = System.Environment.CurrentManagedThreadId;
        private nint _guard = Bridge.mi_inference_mode_enter(Bridge.Flag(on));

        public void Dispose()
        {
            if (_guard == 0) return;
            if (_thread != System.Environment.CurrentManagedThreadId)
                throw new InvalidOperationException("Inference mode must be left on the thread that entered it.");
            Bridge.mi_inference_mode_leave(_guard);
            _guard = 0;
        }
    }
}
