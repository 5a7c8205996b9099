namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry of an index: a position, a slice, a new axis, an ellipsis, a bool, or a tensor.</summary>
    public readonly struct TensorIndex
    {
        internal enum Form
        {
            None,
            Ellipsis,
            Single,
            Slice,
            Bool,
            Tensor,
        }

        // A stop that lies behind every axis; libtorch cuts it to the axis's extent.
        private const long End = long.MaxValue;

        private TensorIndex(Form kind, long? start = null, long? stop = null, long? step = null, torch.Tensor? tensor = null) =>
            (Kind, Start, Stop, Step, Indices) = (kind, start, stop, step, tensor);

        public static readonly TensorIndex Ellipsis = new(Form.Ellipsis);
        public static readonly TensorIndex None = new(Form.None);
        public static readonly TensorIndex Null = new(Form.None);
        public static readonly TensorIndex Colon = new(Form.Slice);

        internal Form Kind { get; }
        internal long? Start { get; }
        internal long? Stop { get; }
        internal long? Step { get; }
        internal torch.Tensor? Indices { get; }

        public static TensorIndex Bool(bool value) => new(Form.Bool, value ? 1 : 0);

        public static TensorIndex Single(long? index) => index is null ? Null : new(Form.Single, index);

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(Form.Slice, start, stop, step);

        public static TensorIndex Slice((int? start, int? end) range) => new(Form.Slice, range.start, range.end);

        public static TensorIndex Slice(Range range) => new(Form.Slice, Bound(range.Start), Bound(range.End));

        public static TensorIndex Tensor(torch.Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return new(Form.Tensor, tensor: tensor);
        }

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(torch.Tensor value) => Tensor(value);
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -(long)index.Value : index.Value);

        private static long Bound(Index index) => !index.IsFromEnd ? index.Value : index.Value == 0 ? End : -(long)index.Value;
    }
}
