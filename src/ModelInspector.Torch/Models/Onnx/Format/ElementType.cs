using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>Element types of the ONNX format, by their numbers in the file.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float32 = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Float64 = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
}

/// <summary>What an element type is in memory.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes an element has in the file; 0 for types that cannot be read.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool => 1,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 8,
        _ => 0,
    };

    public static bool IsFloat(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float16 or ElementType.Float64 or ElementType.BFloat16;

    /// <summary>
    /// The type we compute with: float32 for every floating-point type, the next larger signed type for unsigned ones that
    /// libtorch does not have.
    /// </summary>
    public static ScalarType Computed(this ElementType type) => type switch
    {
        ElementType.UInt8 => ScalarType.Byte,
        ElementType.Int8 => ScalarType.Int8,
        ElementType.Int16 => ScalarType.Int16,
        ElementType.UInt16 or ElementType.Int32 => ScalarType.Int32,
        ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64 => ScalarType.Int64,
        ElementType.Bool => ScalarType.Bool,
        _ => ScalarType.Float32,
    };

    /// <summary>The name users know: <c>float32</c>.</summary>
    public static string Text(this ElementType type) =>
        Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : $"type {(int)type}";
}
