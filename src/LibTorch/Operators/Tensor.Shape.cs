using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor reshape(params long[] shape) => Ops.Reshape.Call(this, shape);
        public Tensor reshape_as(Tensor other) => reshape(other.shape);
        public Tensor view(params long[] shape) => Ops.View.Call(this, shape);
        public Tensor view(ScalarType dtype) => Ops.ViewDtype.Call(this, dtype);
        public Tensor view_as(Tensor other) => view(other.shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Ops.FlattenUsingInts.Call(this, start_dim, end_dim);
        public Tensor ravel() => Ops.Ravel.Call(this);
        public Tensor unflatten(long dim, params long[] sizes) => Ops.UnflattenInt.Call(this, dim, sizes);
        public Tensor unflatten(long dim, Size sizes) => Ops.UnflattenInt.Call(this, dim, sizes);

        public Tensor squeeze(long? dim = null) => dim is null ? Ops.Squeeze.Call(this) : Ops.SqueezeDim.Call(this, dim);
        public Tensor squeeze_(long? dim = null) => dim is null ? Ops.SqueezeInPlace.Change(this) : Ops.SqueezeInPlaceDim.Change(this, dim);
        public Tensor unsqueeze(long dim) => Ops.Unsqueeze.Call(this, dim);
        public Tensor unsqueeze_(long dim) => Ops.UnsqueezeInPlace.Change(this, dim);

        public Tensor t() => Ops.T.Call(this);
        public Tensor transpose(long dim0, long dim1) => Ops.TransposeInt.Call(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) => Ops.TransposeInPlace.Change(this, dim0, dim1);
        public Tensor swapaxes(long dim0, long dim1) => Ops.Swapaxes.Call(this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => Ops.Swapdims.Call(this, dim0, dim1);
        public Tensor adjoint() => Ops.Adjoint.Call(this);
        public Tensor permute(params long[] permutation) => Ops.Permute.Call(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => Ops.Permute.Call(this, permutation.ToArray());
        public Tensor movedim(long[] source, long[] destination) => Ops.MovedimIntlist.Call(this, source, destination);
        public Tensor movedim(long source, long destination) => Ops.MovedimInt.Call(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Ops.Expand.Call(this, sizes, isImplicit);
        public Tensor expand(Size sizes, bool isImplicit = false) => Ops.Expand.Call(this, sizes, isImplicit);
        public Tensor expand(long[] sizes, bool isImplicit = false) => Ops.Expand.Call(this, sizes, isImplicit);
        public Tensor expand(params long[] sizes) => Ops.Expand.Call(this, sizes);
        public Tensor expand_as(Tensor other) => Ops.ExpandAs.Call(this, other);
        public Tensor broadcast_to(params long[] shape) => Ops.BroadcastTo.Call(this, shape);
        public Tensor repeat(params long[] sizes) => Ops.Repeat.Call(this, sizes);
        public Tensor tile(long[] reps) => Ops.Tile.Call(this, reps);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Ops.RepeatInterleaveSelfTensor.Call(this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Ops.RepeatInterleaveSelfInt.Call(this, repeats, dim, output_size);

        public Tensor flip(params long[] dims) => Ops.Flip.Call(this, dims);
        public Tensor fliplr() => Ops.Fliplr.Call(this);
        public Tensor flipud() => Ops.Flipud.Call(this);
        public Tensor rot90(long k = 1, (long, long)? dims = null) => Ops.Rot90.Call(this, k, (long[])[dims?.Item1 ?? 0, dims?.Item2 ?? 1]);

        public Tensor roll(long shifts, long? dims = null) => Ops.Roll.Call(this, shifts, dims is { } dim ? (long[])[dim] : []);
        public Tensor roll((long, long) shifts, (long, long) dims) => roll((long[])[shifts.Item1, shifts.Item2], (long[])[dims.Item1, dims.Item2]);

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            roll((long[])[shifts.Item1, shifts.Item2, shifts.Item3], (long[])[dims.Item1, dims.Item2, dims.Item3]);

        public Tensor roll(long[] shifts, long[] dims) => Ops.Roll.Call(this, shifts, dims);
        public Tensor roll(long[] shifts) => Ops.Roll.Call(this, shifts);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Ops.Roll.Call(this, shifts, dims);

        public Tensor narrow(long dim, long start, long length) => Ops.Narrow.Call(this, dim, start, length);
        public Tensor select(long dim, long index) => Ops.SelectInt.Call(this, dim, index);
        public Tensor slice(long dim, long start, long finish, long step) => Ops.SliceTensor.Call(this, dim, start, finish, step);
        public Tensor unfold(long dimension, long size, long step) => Ops.Unfold.Call(this, dimension, size, step);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => Ops.AsStrided.Call(this, size, strides, storageOffset);

        public Tensor atleast_1d() => Ops.Atleast1d.Call(this);
        public Tensor atleast_2d() => Ops.Atleast2d.Call(this);
        public Tensor atleast_3d() => Ops.Atleast3d.Call(this);

        public Tensor[] chunk(long chunks, long dim = 0) => Ops.Chunk.List(this, chunks, dim);
        public Tensor[] split(long size, int dim = 0) => Ops.SplitTensor.List(this, size, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Ops.SplitWithSizes.List(this, sizes, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => Ops.SplitWithSizes.List(this, sizes, dim);
        public Tensor[] split(params long[] sizes) => Ops.SplitWithSizes.List(this, sizes, 0);
        public Tensor[] tensor_split(long size, long dim = 0) => Ops.TensorSplitSections.List(this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Ops.TensorSplitIndices.List(this, sizes, dim);
        public Tensor[] unbind(long dimension = 0) => Ops.UnbindInt.List(this, dimension);

        public Tensor diag(long diagonal = 0) => Ops.Diag.Call(this, diagonal);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Ops.Diagonal.Call(this, offset, dim1, dim2);
        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => Ops.DiagEmbed.Call(this, offset, dim1, dim2);
        public Tensor diagflat(long offset = 0) => Ops.Diagflat.Call(this, offset);
        public Tensor tril(long diagonal = 0) => Ops.Tril.Call(this, diagonal);
        public Tensor triu(long diagonal = 0) => Ops.Triu.Call(this, diagonal);
    }
}
