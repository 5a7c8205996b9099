using System.Runtime.InteropServices;

namespace ModelInspector.Numerics;

/// <summary>Arrays of plain numbers as the bytes they are: for checkpoints, which the program that wrote them reads back.</summary>
public static class Plain
{
    /// <summary>Writes the values, without their number.</summary>
    public static void Write<T>(BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Writes the values, without their number.</summary>
    public static void Write<T>(BinaryWriter writer, T[] values) where T : unmanaged => Write<T>(writer, values.AsSpan());

    /// <summary>Fills an array of known length.</summary>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static void Read<T>(BinaryReader reader, T[] values) where T : unmanaged => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
}
