using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Starting values for parameters, written in place and outside autograd.</summary>
        public static partial class init
        {
            /// <summary>Which count scales the variance: keep it forward (in) or backward (out).</summary>
            public enum FanInOut
            {
                FanIn,
                FanOut,
            }

            /// <summary>What follows the layer.</summary>
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            /// <summary>The factor that makes up for what a nonlinearity takes from the standard deviation.</summary>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + (param * param))),
                _ => 1,
            };

            /// <summary>Connections into and out of one unit; the first dimension counts outputs, the second inputs, the others the window.</summary>
            /// <exception cref="ArgumentException">Fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2) throw new ArgumentException($"Fan in and fan out need 2 dimensions or more, not {shape.Length}.");
                var window = shape[2..].Aggregate(1L, (product, length) => product * length);
                return (shape[1] * window, shape[0] * window);
            }

            public static Tensor constant_(Tensor tensor, Scalar val) => Still(tensor, t => t.fill_(val));
            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);
            public static Tensor zeros_(Tensor tensor) => Still(tensor, t => t.zero_());

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Still(tensor, t => Op("uniform_", t, low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Still(tensor, t => Op("normal_", t, mean, std, generator));

            /// <summary>A normal distribution cut off at a and b, drawn through the inverse of its distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null) => Still(tensor, t =>
            {
                var (low, high) = (NormalDistribution((a - mean) / std), NormalDistribution((b - mean) / std));
                Op("uniform_", t, (2 * low) - 1, (2 * high) - 1, generator);
                Op("erfinv_", t);
                t.mul_(std * Math.Sqrt(2)).add_(mean).clamp_(a, b);
            });

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1) => Uniform(tensor, Math.Sqrt(3) * XavierDeviation(tensor, gain));
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1) => normal_(tensor, 0, XavierDeviation(tensor, gain));
            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);
            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                Uniform(tensor, Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity));

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            private static Tensor Uniform(Tensor tensor, double bound) => uniform_(tensor, -bound, bound);

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static double NormalDistribution(double x)
            {
                using var value = tensor(x / Math.Sqrt(2), ScalarType.Float64);
                using var error = value.erf();
                return (1 + error.item<double>()) / 2;
            }

            /// <summary>Changes a tensor without autograd seeing it; what the change makes on the way goes.</summary>
            private static Tensor Still(Tensor tensor, Action<Tensor> change)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                using var still = no_grad();
                using var scope = NewDisposeScope();
                change(tensor);
                return tensor;
            }
        }
    }
}
