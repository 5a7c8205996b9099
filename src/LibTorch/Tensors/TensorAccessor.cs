using System.Collections;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a tensor in logical order, whatever its strides; a tensor elsewhere is copied to the CPU first.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
{
    private readonly Tensor _tensor;
    private readonly Tensor? _copy;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly byte* _data;
    private readonly bool _contiguous;

    internal TensorAccessor(Tensor tensor)
    {
        _tensor = tensor;
        _copy = tensor.device_type == DeviceType.CPU ? null : tensor.cpu().DetachFromDisposeScope();
        var here = _copy ?? tensor;
        (_shape, _strides, _contiguous) = (here.shape, here.stride(), here.is_contiguous());
        Count = here.NumberOfElements;
        _data = (byte*)here.DataPointer;
    }

    public long Count { get; }

    /// <summary>True where the elements are a copy of a tensor on another device.</summary>
    public bool IsReadOnly => _copy is not null;

    internal T First => At(0);

    public T this[params long[] indices]
    {
        get => At(Offset(indices));
        set
        {
            if (IsReadOnly) throw new InvalidOperationException("These elements are a copy of a tensor on another device; write to the tensor instead.");
            Put(Offset(indices), value);
        }
    }

    public T[] ToArray()
    {
        if (Count > Array.MaxLength) throw new ArgumentException($"The tensor holds {Count} elements, and an array at most {Array.MaxLength}.");
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>An array of the tensor's own rank; one element without an axis becomes an array of length 1.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length <= 1) return ToArray();
        var array = Array.CreateInstance(typeof(T), _shape);
        var target = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref Unsafe.As<byte, T>(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array)), array.Length);
        CopyTo(target);
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies from the element numbered <paramref name="tensorIndex"/> on, until either side ends.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        int count = (int)Math.Min(target.Length, Count - tensorIndex);
        if (count <= 0) return;
        RequireMemory();
        if (_contiguous) new ReadOnlySpan<T>(_data + (tensorIndex * Unsafe.SizeOf<T>()), count).CopyTo(target);
        else Gather(target[..count], tensorIndex);
        GC.KeepAlive(this);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Writes from the element numbered <paramref name="tensorIndex"/> on, until either side ends.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (IsReadOnly) throw new InvalidOperationException("These elements are a copy of a tensor on another device; write to the tensor instead.");
        var source = array[arrayIndex..];
        int count = (int)Math.Min(source.Length, Count - tensorIndex);
        if (count <= 0) return;
        RequireMemory();
        if (_contiguous) source[..count].CopyTo(new Span<T>(_data + (tensorIndex * Unsafe.SizeOf<T>()), count));
        else for (int k = 0; k < count; k++) Put(OffsetOf(tensorIndex + k), source[k]);
        GC.KeepAlive(this);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long k = 0; k < Count; k++) yield return At(_contiguous ? k : OffsetOf(k));
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _copy?.Dispose();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => HashCode.Combine(_tensor, Count);

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    private T At(long offset)
    {
        RequireMemory();
        T value = Unsafe.ReadUnaligned<T>(_data + (offset * Unsafe.SizeOf<T>()));
        GC.KeepAlive(this);
        return value;
    }

    // The owner of the memory must be valid still; KeepAlive keeps it so until the elements are read.
    private void RequireMemory() => _ = (_copy ?? _tensor).Handle;

    private void Put(long offset, T value)
    {
        RequireMemory();
        Unsafe.WriteUnaligned(_data + (offset * Unsafe.SizeOf<T>()), value);
        GC.KeepAlive(this);
    }

    private void Gather(Span<T> target, long first)
    {
        for (int k = 0; k < target.Length; k++) target[k] = At(OffsetOf(first + k));
    }

    private long Offset(long[] indices)
    {
        if (indices.Length == 1 && _shape.Length > 1) return OffsetOf(indices[0]);
        if (indices.Length != _shape.Length) throw new ArgumentException($"The tensor has {_shape.Length} dimensions and was indexed with {indices.Length}.");
        long offset = 0;
        for (int axis = 0; axis < indices.Length; axis++)
        {
            if ((ulong)indices[axis] >= (ulong)_shape[axis])
                throw new ArgumentOutOfRangeException(nameof(indices), $"Index {indices[axis]} is outside the extent {_shape[axis]} of dimension {axis}.");
            offset += indices[axis] * _strides[axis];
        }
        return offset;
    }

    private long OffsetOf(long number)
    {
        if ((ulong)number >= (ulong)Count) throw new ArgumentOutOfRangeException(nameof(number), $"Index {number} is outside the {Count} elements.");
        long offset = 0;
        for (int axis = _shape.Length - 1; axis >= 0; axis--)
        {
            offset += number % _shape[axis] * _strides[axis];
            number /= _shape[axis];
        }
        return offset;
    }
}
