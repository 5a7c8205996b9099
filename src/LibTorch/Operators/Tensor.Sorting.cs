using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Ops.SortStable.Pair(this, stable, dim, descending);

        public Tensor argsort(long dim = -1, bool descending = false) => Ops.Argsort.Call(this, dim, descending);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Ops.Topk.Pair(this, k, dim, largest, sorted);
        public Tensor msort() => Ops.Msort.Call(this);
        public Tensor nonzero() => Ops.Nonzero.Call(this);
        public Tensor argwhere() => Ops.Argwhere.Call(this);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Asked(
                dim is null
                    ? Ops.Unique2.Triple(this, sorted, return_inverse, return_counts)
                    : Ops.UniqueDim.Triple(this, dim, sorted, return_inverse, return_counts),
                return_inverse, return_counts);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(
            bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Asked(Ops.UniqueConsecutive.Triple(this, return_inverse, return_counts, dim), return_inverse, return_counts);

        // libtorch answers with empty tensors where nothing was asked.
        private static (Tensor, Tensor?, Tensor?) Asked((Tensor Output, Tensor Inverse, Tensor Counts) all, bool inverse, bool counts)
        {
            if (!inverse) all.Inverse.Dispose();
            if (!counts) all.Counts.Dispose();
            return (all.Output, inverse ? all.Inverse : null, counts ? all.Counts : null);
        }
    }
}
