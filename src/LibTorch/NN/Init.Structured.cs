using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            /// <summary>Ones on the diagonal of a matrix.</summary>
            public static Tensor eye_(Tensor tensor)
            {
                RequireDimensions(tensor, 2, 2, nameof(eye_));
                return Still(tensor, t => t.copy_(eye(t.shape[0], t.shape[1], t.dtype, t.device)));
            }

            /// <summary>Kernels that pass as many channels through as there are.</summary>
            public static Tensor dirac_(Tensor tensor)
            {
                RequireDimensions(tensor, 3, 5, nameof(dirac_));
                return Still(tensor, t =>
                {
                    t.zero_();
                    var shape = t.shape;
                    for (long channel = 0; channel < Math.Min(shape[0], shape[1]); channel++)
                    {
                        var window = t.select(0, channel).select(0, channel);
                        foreach (var length in shape[2..]) window = window.select(0, length / 2);
                        window.fill_(1);
                    }
                });
            }

            /// <summary>Orthonormal rows or columns, times a gain: the QR decomposition of a normal matrix.</summary>
            public static Tensor orthogonal_(Tensor tensor, double gain = 1)
            {
                RequireDimensions(tensor, 2, int.MaxValue, nameof(orthogonal_));
                return Still(tensor, t =>
                {
                    var (rows, columns) = (t.shape[0], t.NumberOfElements / t.shape[0]);
                    var flat = Op("normal_", empty([rows, columns], t.dtype, t.device), 0.0, 1.0);
                    var (q, r) = Two("linalg_qr", rows < columns ? flat.t() : flat, "reduced");
                    q = q.mul(r.diagonal().sign());
                    t.copy_((rows < columns ? q.t() : q).reshape(t.shape)).mul_(gain);
                });
            }

            /// <summary>Normal columns of which a fraction, chosen at random, is zero.</summary>
            public static Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01)
            {
                RequireDimensions(tensor, 2, 2, nameof(sparse_));
                var zeros = (long)Math.Ceiling(sparsity * tensor.shape[0]);
                normal_(tensor, 0, std);
                return Still(tensor, t =>
                {
                    for (long column = 0; column < t.shape[1]; column++)
                        t.select(1, column).index_fill_(0, randperm(t.shape[0], ScalarType.Int64, t.device).narrow(0, 0, zeros), 0);
                });
            }

            private static void RequireDimensions(Tensor tensor, int least, int most, string what)
            {
                if (tensor.Dimensions < least || tensor.Dimensions > most)
                    throw new ArgumentException($"{what} takes {(least == most ? $"{least}" : $"{least} or more")} dimensions, not {tensor.Dimensions}.");
            }
        }
    }
}
