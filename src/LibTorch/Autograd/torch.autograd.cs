using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe partial class autograd
    {
        public static void backward(
            IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] roots = Handles.Of(tensors), grads = Handles.Of(grad_tensors), leaves = Handles.Of(inputs);
            byte* error;
            fixed (nint* root = roots, grad = grads, leaf = leaves)
                error = Bridge.mi_autograd_backward(
                    root, roots.Length, grad, grads.Length, retain_graph is { } retain ? Bridge.Flag(retain) : -1, Bridge.Flag(create_graph), leaf, leaves.Length);
            GC.KeepAlive((tensors, grad_tensors, inputs));
            Bridge.Check(error);
        }

        public static void backward(
            Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// The gradients of the outputs, summed, with respect to each input. With <paramref name="allow_unused"/> an input that
        /// has no part in the outputs gets a tensor that <see cref="Tensor.IsInvalid"/>.
        /// </summary>
        public static IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] roots = Handles.Of(outputs), leaves = Handles.Of(inputs), seeds = Handles.Of(grad_outputs), results = new nint[leaves.Length];
            byte* error;
            fixed (nint* root = roots, leaf = leaves, seed = seeds, result = results)
                error = Bridge.mi_autograd_grad(
                    root, roots.Length, leaf, leaves.Length, seed, seeds.Length, Bridge.Flag(retain_graph), Bridge.Flag(create_graph), Bridge.Flag(allow_unused), result);
            GC.KeepAlive((outputs, inputs, grad_outputs));
            Bridge.Check(error);
            return [.. results.Select(handle => handle == 0 ? Tensor.Invalid() : new Tensor(handle))];
        }

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);

        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph || create_graph, create_graph, inputs);

        /// <summary>The accumulated gradient, a new handle at each read, or null. Setting null clears it.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint gradient = Keep(Bridge.mi_tensor_grad(Handle));
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set
            {
                Bridge.Check(Bridge.mi_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive((this, value));
            }
        }

        public unsafe void retain_grad()
        {
            Bridge.Check(Bridge.mi_tensor_retain_grad(Handle));
            GC.KeepAlive(this);
        }
    }
}
