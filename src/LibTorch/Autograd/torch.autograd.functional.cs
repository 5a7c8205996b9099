namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public static class functional
        {
            /// <summary>d output / d input, of shape output shape + input shape.</summary>
            public static Tensor jacobian(Func<Tensor, Tensor> function, Tensor inputs) =>
                Rows(all => [function(all[0])], [inputs])[0][0];

            /// <summary>One Jacobian for each output.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor, Tensor[]> function, Tensor inputs) =>
                [.. Rows(all => function(all[0]), [inputs]).Select(row => row[0])];

            /// <summary>One Jacobian for each input.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor> function, params Tensor[] inputs) =>
                Rows(all => [function(all)], inputs)[0];

            /// <summary>The Jacobians of the first output for each input, then those of the second, and so on.</summary>
            public static IEnumerable<Tensor> jacobian(Func<Tensor[], Tensor[]> function, params Tensor[] inputs) =>
                [.. Rows(function, inputs).SelectMany(row => row)];

            // One backward pass for each element of each output.
            private static Tensor[][] Rows(Func<Tensor[], Tensor[]> function, Tensor[] inputs)
            {
                using var scope = NewDisposeScope();
                using var grad = enable_grad();
                Tensor[] leaves = [.. inputs.Select(input => input.detach().clone().requires_grad_())];
                return [.. function(leaves).Select(output => Row(output, leaves, scope))];
            }

            private static Tensor[] Row(Tensor output, Tensor[] leaves, DisposeScope scope)
            {
                var flat = output.reshape(-1);
                Tensor[][] gradients = [.. Enumerable.Range(0, (int)flat.numel()).Select(k => Gradient(flat[k], leaves))];
                return [.. leaves.Select((leaf, place) => scope.MoveToOuter(
                    stack(gradients.Select(row => row[place])).reshape([.. output.shape, .. leaf.shape]).detach()))];
            }

            private static Tensor[] Gradient(Tensor element, Tensor[] leaves) =>
                [.. autograd.grad([element], leaves, retain_graph: true, allow_unused: true)
                    .Select((gradient, place) => gradient.IsInvalid ? zeros_like(leaves[place]) : gradient)];
        }
    }
}
