using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>One argument of an operator: what kind it is, its bits, and the object it keeps alive.</summary>
internal readonly struct Value
{
    private readonly object? _object;
    private readonly long _bits;
    private readonly double _imaginary;
    private readonly Tag _tag;

    private Value(Tag tag, long bits = 0, object? reference = null, double imaginary = 0) =>
        (_tag, _bits, _object, _imaginary) = (tag, bits, reference, imaginary);

    /// <summary>No value, where the operator allows that.</summary>
    internal static Value None => default;

    /// <summary>The default that the operator's schema names.</summary>
    internal static Value Default => new(Tag.Default);

    internal object? Object => _object;

    public static implicit operator Value(Tensor? value) => value is null ? None : new(Tag.Tensor, 0, value);
    public static implicit operator Value(long value) => new(Tag.Int, value);
    public static implicit operator Value(int value) => new(Tag.Int, value);
    public static implicit operator Value(long? value) => value is { } number ? number : None;
    public static implicit operator Value(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Value(double? value) => value is { } number ? number : None;
    public static implicit operator Value(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Value(string? value) => value is null ? None : new(Tag.String, 0, value);
    public static implicit operator Value(long[]? value) => value is null ? None : new(Tag.IntList, 0, value);
    public static implicit operator Value(double[]? value) => value is null ? None : new(Tag.DoubleList, 0, value);
    public static implicit operator Value(bool[]? value) => value is null ? None : new(Tag.BoolList, 0, value);
    public static implicit operator Value(Tensor?[]? value) => value is null ? None : new(Tag.TensorList, 0, value);
    public static implicit operator Value(Size value) => value.Shape;
    public static implicit operator Value(ReadOnlySpan<long> value) => value.ToArray();
    public static implicit operator Value(ScalarType value) => (long)value;
    public static implicit operator Value(ScalarType? value) => value is { } type ? (long)type : None;
    public static implicit operator Value(memory_format value) => NativeFormat(value);
    public static implicit operator Value(Device? value) => value is null ? None : new(Tag.Device, value.Packed);
    public static implicit operator Value(Generator? value) => value is null ? None : new(Tag.Generator, 0, value);
    public static implicit operator Value(Scalar? value) => value is null ? None : FromScalar(value);

    /// <summary>How much scratch room, in 8-byte words, <see cref="Write"/> needs.</summary>
    internal int Words => _tag switch
    {
        Tag.IntList => ((long[])_object!).Length,
        Tag.DoubleList => ((double[])_object!).Length,
        Tag.BoolList => ((bool[])_object!).Length,
        Tag.TensorList => ((Tensor?[])_object!).Length,
        Tag.String => (Encoding.UTF8.GetMaxByteCount(((string)_object!).Length) + 7) / 8,
        _ => 0,
    };

    /// <summary>Writes the value for the native side; lists go to <paramref name="room"/>. Returns the words used.</summary>
    internal unsafe int Write(out NativeValue target, long* room)
    {
        target = new NativeValue { Tag = _tag, Bits = _bits, Imaginary = _imaginary };
        switch (_tag)
        {
            case Tag.Tensor:
                target.Bits = ((Tensor)_object!).Handle;
                return 0;
            case Tag.Generator:
                target.Bits = ((Generator)_object!).Handle;
                return 0;
            case Tag.IntList or Tag.DoubleList or Tag.BoolList or Tag.TensorList or Tag.String:
                target.Bits = (nint)room;
                target.Count = WriteList(room);
                return Words;
            default:
                return 0;
        }
    }

    private unsafe int WriteList(long* room)
    {
        switch (_object)
        {
            case long[] numbers:
                numbers.CopyTo(new Span<long>(room, numbers.Length));
                return numbers.Length;
            case double[] numbers:
                numbers.CopyTo(new Span<double>(room, numbers.Length));
                return numbers.Length;
            case bool[] flags:
                for (int k = 0; k < flags.Length; k++) room[k] = flags[k] ? 1 : 0;
                return flags.Length;
            case Tensor?[] tensors:
                for (int k = 0; k < tensors.Length; k++) room[k] = tensors[k]?.Handle ?? 0;
                return tensors.Length;
            default:
                string text = (string)_object!;
                return Encoding.UTF8.GetBytes(text, new Span<byte>(room, Encoding.UTF8.GetMaxByteCount(text.Length)));
        }
    }

    private static Value FromScalar(Scalar scalar)
    {
        if (scalar.Type == ScalarType.Bool) return scalar.Whole != 0;
        if (scalar.IsIntegral) return scalar.Whole;
        return scalar.IsComplex
            ? new Value(Tag.Complex, BitConverter.DoubleToInt64Bits(scalar.Real), null, scalar.Imaginary)
            : scalar.Real;
    }

    // The managed enumeration has its own order; these are libtorch's numbers.
    private static long NativeFormat(memory_format format) => format switch
    {
        memory_format.contiguous_format => 0,
        memory_format.preserve_format => 1,
        _ => 2,
    };
}
