using System.Numerics;

namespace TorchSharp;

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this sbyte value) => value;
    public static Scalar ToScalar(this short value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this Half value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;
    public static Scalar ToScalar(this (float Real, float Imaginary) value) => value;
    public static Scalar ToScalar(this Complex value) => value;

    public static byte ToByte(this Scalar value) => checked((byte)Whole(value));
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)Whole(value));
    public static short ToInt16(this Scalar value) => checked((short)Whole(value));
    public static int ToInt32(this Scalar value) => checked((int)Whole(value));
    public static long ToInt64(this Scalar value) => Whole(value);
    public static Half ToHalf(this Scalar value) => (Half)Real(value);
    public static float ToSingle(this Scalar value) => (float)Real(value);
    public static double ToDouble(this Scalar value) => Real(value);
    public static bool ToBoolean(this Scalar value) => Real(value) != 0;
    public static (float Real, float Imaginary) ToComplexFloat32(this Scalar value) => ((float)Real(value), (float)value.Imaginary);
    public static Complex ToComplexFloat64(this Scalar value) => new(Real(value), value.Imaginary);

    private static double Real(Scalar value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Real;
    }

    private static long Whole(Scalar value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.IsIntegral ? value.Whole : checked((long)value.Real);
    }
}
