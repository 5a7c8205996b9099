using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains. It takes the place of the tensor it is made of, which is invalid from then on.</summary>
public class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true) : this(data, data.OwningDisposeScope, requires_grad) { }

    private Parameter(Tensor data, DisposeScope? scope, bool requires_grad) : base(Take(data))
    {
        if (scope is null) DetachFromDisposeScope();
        else if (!ReferenceEquals(scope, OwningDisposeScope)) MoveToOtherDisposeScope(scope);
        this.requires_grad = requires_grad;
    }

    /// <summary>The handle itself, or for a result of a computation a detached one: parameters are leaves.</summary>
    private static IntPtr Take(Tensor data)
    {
        if (data.is_leaf) return data.MoveHandle();
        using var detached = data.detach();
        data.Dispose();
        return detached.MoveHandle();
    }
}
