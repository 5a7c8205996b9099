using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Makes tensors of managed memory: by copy, or over the pinned memory itself.</summary>
internal static unsafe class ElementCopy
{
    internal static Tensor Of<T>(
        ReadOnlySpan<T> data, ReadOnlySpan<long> shape, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RejectNames(names);
        ref byte first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(data));
        fixed (byte* memory = &first)
            return Copy(memory, (long)data.Length * Unsafe.SizeOf<T>(), shape, ElementTypes.Of(typeof(T)), dtype, device, requires_grad);
    }

    internal static Tensor Of<T>(
        IList<T> data, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requires_grad, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var span = data switch
        {
            T[] array => array,
            List<T> list => CollectionsMarshal.AsSpan(list),
            _ => data.ToArray(),
        };
        return Of((ReadOnlySpan<T>)span, shape, dtype, device, requires_grad, names);
    }

    /// <summary>A one-dimensional tensor of a list.</summary>
    internal static Tensor Of<T>(IList<T> data, ScalarType? dtype, Device? device, bool requires_grad, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Of(data, [data.Count], dtype, device, requires_grad, names);
    }

    /// <summary>A tensor with the shape of an array of any rank.</summary>
    internal static Tensor OfArray(Array data, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RejectNames(names);
        ArgumentNullException.ThrowIfNull(data);
        var element = ElementTypes.Of(data.GetType().GetElementType()!);
        fixed (byte* memory = &MemoryMarshal.GetArrayDataReference(data))
            return Copy(memory, data.LongLength * ElementTypes.Size(element), Shape(data), element, dtype, device, requires_grad);
    }

    /// <summary>A tensor over the array's own memory, which stays pinned as long as the tensor or a view of it lives.</summary>
    internal static Tensor Share(Array data, long offset, ReadOnlySpan<long> shape)
    {
        var element = ElementTypes.Of(data.GetType().GetElementType()!);
        var pin = GCHandle.Alloc(data, GCHandleType.Pinned);
        byte* memory = (byte*)pin.AddrOfPinnedObject() + (offset * ElementTypes.Size(element));
        nint handle;
        byte* error;
        fixed (long* extents = shape)
            error = Bridge.mi_tensor_from_memory(
                memory, &Unpin, GCHandle.ToIntPtr(pin), extents, null, shape.Length, (int)element, CPU.Packed, &handle);
        if (error != null) pin.Free();
        Bridge.Check(error);
        return new Tensor(handle);
    }

    internal static long[] Shape(Array data) => [.. Enumerable.Range(0, data.Rank).Select(data.GetLongLength)];

    internal static void RejectNames(string[]? names)
    {
        if (names is not null) throw new NotSupportedException("Named dimensions are not supported by this binding: leave out the argument 'names'.");
    }

    private static Tensor Copy(
        void* memory, long bytes, ReadOnlySpan<long> shape, ScalarType element, ScalarType? dtype, Device? device, bool requires_grad)
    {
        nint handle;
        fixed (long* extents = shape)
            Bridge.Check(Bridge.mi_tensor_copy_memory(memory, bytes, extents, shape.Length, (int)element, &handle));
        return Place(new Tensor(handle), dtype, device ?? get_default_device(), requires_grad);
    }

    /// <summary>Converts and moves a fresh tensor, which is replaced where that makes a new one.</summary>
    internal static Tensor Place(Tensor fresh, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var type = dtype ?? fresh.dtype;
        var where = device ?? fresh.device;
        var placed = type == fresh.dtype && where.Equals(fresh.device) ? fresh : fresh.to(type, where, disposeAfter: true);
        if (requires_grad) placed.requires_grad = true;
        return placed;
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();
}
