using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function keeps from its forward pass for its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];
            private List<Tensor> _saved = [];
            private List<Tensor> _dirty = [];
            private List<Tensor> _constant = [];

            internal AutogradContext()
            {
            }

            public bool MaterializeGrads { get; private set; } = true;

            internal nint Node { get; set; }
            internal IReadOnlyList<Tensor> Saved => _saved;
            internal IReadOnlyList<Tensor> Dirty => _dirty;
            internal IReadOnlyList<Tensor> Constant => _constant;

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) =>
                _data.TryGetValue(key, out object? value) ? value : throw new KeyNotFoundException($"The context holds no '{key}'; saved: {string.Join(", ", _data.Keys)}.");

            public void save_for_backward(List<Tensor> tensors) => _saved = [.. tensors];

            /// <summary>The saved tensors, each as a new handle. Only the backward pass can ask.</summary>
            public unsafe List<Tensor> get_saved_variables()
            {
                if (Node == 0) throw new InvalidOperationException("Saved tensors can be read in the backward pass only.");
                var handles = new nint[Bridge.mi_function_saved_count(Node)];
                fixed (nint* results = handles) Bridge.Check(Bridge.mi_function_saved(Node, results));
                return [.. handles.Select(handle => handle == 0 ? null! : new Tensor(handle))];
            }

            public void mark_dirty(List<Tensor> tensors) => _dirty = [.. tensors];

            public void mark_non_differentiable(List<Tensor> tensors) => _constant = [.. tensors];

            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => _data.Clear();

            /// <summary>Forgets the tensors of the forward pass: from here on the graph holds them.</summary>
            internal void Settle() => _saved = _dirty = _constant = [];
        }
    }
}
