namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread, as a chain from the innermost outwards.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? t_current;

    private readonly ThreadDisposeScopeStatistics _statistics = new();

    public static ThreadDisposeScopeStatistics Statistics => Current._statistics;

    internal static DisposeScopeManager Current => t_current ??= new();

    internal DisposeScope? Innermost { get; private set; }

    internal LifetimeStatistics Tensors => _statistics.TensorStatistics;

    internal static DisposeScope NewDisposeScope()
    {
        var manager = Current;
        return manager.Innermost = new DisposeScope(manager, manager.Innermost);
    }

    /// <summary>Puts a new tensor into the innermost scope and returns that scope; null when there is none.</summary>
    internal static DisposeScope? Register(torch.Tensor tensor)
    {
        var manager = Current;
        if (manager.Innermost is not { } scope)
        {
            manager.Tensors.CreatedOutsideScopeCount++;
            return null;
        }
        manager.Tensors.CreatedInScopeCount++;
        scope.Add(tensor);
        return scope;
    }

    /// <summary>Takes a scope out of the chain, wherever it is.</summary>
    internal void Unlink(DisposeScope scope)
    {
        if (Innermost == scope)
        {
            Innermost = scope.Outer;
            return;
        }
        for (var inner = Innermost; inner is not null; inner = inner.Outer)
        {
            if (inner.Outer != scope) continue;
            inner.Outer = scope.Outer;
            return;
        }
    }
}
