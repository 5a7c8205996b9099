namespace TorchSharp;

/// <summary>
/// Collects what is created on its thread while it is the innermost scope, and disposes it at its end. A disposed scope
/// throws <see cref="ObjectDisposedException"/> whatever is asked of it, except for another <see cref="Dispose"/>.
/// </summary>
public sealed partial class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly HashSet<IDisposable> _held = new(ReferenceEqualityComparer.Instance);
    private bool _disposed;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer) => (_manager, Outer) = (manager, outer);

    internal DisposeScope? Outer { get; set; }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ThrowIfDisposed();
            return [.. _held];
        }
    }

    public int DisposablesCount
    {
        get
        {
            ThrowIfDisposed();
            return _held.Count;
        }
    }

    public bool Contains(IDisposable disposable)
    {
        ThrowIfDisposed();
        return _held.Contains(disposable);
    }

    public void Dispose()
    {
        if (_disposed) return;
        DisposeHeld();
        _manager.Unlink(this);
        _disposed = true;
    }

    public void DisposeEverything()
    {
        ThrowIfDisposed();
        DisposeHeld();
    }

    /// <summary>Forgets something that its owner has disposed.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        ThrowIfDisposed();
        Forget(disposable);
    }

    internal void Add(IDisposable disposable) => _held.Add(disposable);

    internal void Forget(IDisposable disposable)
    {
        _held.Remove(disposable);
        if (disposable is not torch.Tensor tensor) return;
        tensor.OwningDisposeScope = null;
        _manager.Tensors.DisposedInScopeCount++;
    }

    private void DisposeHeld()
    {
        if (_held.Count == 0) return;
        IDisposable[] all = [.. _held];
        _held.Clear();
        foreach (var disposable in all) disposable.Dispose();
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);
}
