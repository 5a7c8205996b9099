using TorchSharp.Modules;
using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients so that their norm, taken together, is at most <paramref name="max_norm"/>; the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var still = no_grad();
                using var scope = NewDisposeScope();
                var gradients = Gradients(tensors);
                if (gradients.Length == 0) return 0;
                var total = Norm(stack(gradients.Select(gradient => Norm(gradient, norm_type).cpu())), norm_type).ToDouble();
                var factor = max_norm / (total + 1e-6);
                if (factor < 1)
                    foreach (var gradient in gradients) gradient.mul_(factor);
                return total;
            }

            /// <summary>Holds every element of all gradients in ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var still = no_grad();
                using var scope = NewDisposeScope();
                foreach (var gradient in Gradients(tensors)) gradient.clamp_(-clip_value, clip_value);
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) => [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];

            private static Tensor Norm(Tensor tensor, double p) => Op("linalg_vector_norm", tensor, p);

            /// <summary>All parameters one after the other, flattened.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors) =>
                WrappedTensorDisposeScope(() => cat(tensors.Select(tensor => tensor.reshape(-1)).ToArray(), 0));

            /// <summary>Writes a vector back into parameters. They are changed in place, and keep their requires_grad.</summary>
            /// <exception cref="ArgumentException">The vector's length is not that of the parameters together.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                var targets = tensors.ToArray();
                var wanted = targets.Sum(target => target.NumberOfElements);
                if (vec.NumberOfElements != wanted) throw new ArgumentException($"The vector has {vec.NumberOfElements} elements, the parameters {wanted}.");
                using var still = no_grad();
                using var scope = NewDisposeScope();
                long start = 0;
                foreach (var target in targets)
                {
                    target.copy_(vec.narrow(0, start, target.NumberOfElements).view_as(target));
                    start += target.NumberOfElements;
                }
            }
        }
    }
}
