using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Ops.Cat.Call(tensors.ToArray(), dim);
    public static Tensor cat(Tensor[] tensors, long dim = 0) => Ops.Cat.Call(tensors, dim);
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Ops.Cat.Call(tensors.ToArray(), dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Ops.Stack.Call(tensors.ToArray(), dim);
    public static Tensor hstack(IList<Tensor> tensors) => Ops.Hstack.Call(tensors.ToArray());
    public static Tensor hstack(params Tensor[] tensors) => Ops.Hstack.Call(tensors);
    public static Tensor hstack(IEnumerable<Tensor> tensors) => Ops.Hstack.Call(tensors.ToArray());
    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => Ops.Hstack.Call(tensors.ToArray());
    public static Tensor vstack(IList<Tensor> tensors) => Ops.Vstack.Call(tensors.ToArray());
    public static Tensor vstack(Tensor[] tensors) => Ops.Vstack.Call(tensors);
    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => Ops.Vstack.Call(tensors.ToArray());
    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") => Ops.MeshgridIndexing.List(tensors.ToArray(), indexing);
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Ops.BroadcastTensors.List(tensors);
    public static Tensor block_diag(params Tensor[] tensors) => Ops.BlockDiag.Call(tensors);
    public static Tensor cartesian_prod(params Tensor[] tensors) => Ops.CartesianProd.Call(tensors);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Ops.Einsum.Call(equation, tensors);
}
