using System.Runtime.InteropServices;

namespace ModelInspector.Numerics;

/// <summary>Large scratch memory that is given back at once, not when the collector finds time: aligned to 64 bytes, zeroed.</summary>
internal sealed unsafe class NativeBuffer<T> : IDisposable where T : unmanaged
{
    public NativeBuffer(long length)
    {
        Length = length;
        Start = (T*)NativeMemory.AlignedAlloc(checked((nuint)Math.Max(1, length) * (nuint)sizeof(T)), 64);
        NativeMemory.Clear(Start, (nuint)length * (nuint)sizeof(T));
    }

    ~NativeBuffer() => Free();

    /// <summary>Number of values.</summary>
    public long Length { get; }

    /// <summary>The first value.</summary>
    public T* Start { get; private set; }

    /// <summary>A part, writable.</summary>
    public Span<T> Span(long from, int count)
    {
        ObjectDisposedException.ThrowIf(Start is null, this);
        if (from < 0 || count < 0 || from + count > Length) throw new ArgumentOutOfRangeException(nameof(from), $"{from} … {from + count} of {Length}.");
        return new Span<T>(Start + from, count);
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
