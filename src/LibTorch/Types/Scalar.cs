using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One number with its type. It holds no native memory; <see cref="Dispose"/> is there for source compatibility.</summary>
public sealed class Scalar : IDisposable
{
    private Scalar(ScalarType type, long whole, double real, double imaginary = 0) =>
        (Type, Whole, Real, Imaginary) = (type, whole, real, imaginary);

    public ScalarType Type { get; }

    internal long Whole { get; }
    internal double Real { get; }
    internal double Imaginary { get; }
    internal bool IsComplex => Type is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;
    internal bool IsIntegral => Type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64 or ScalarType.Bool;

    public static implicit operator Scalar(byte value) => new(ScalarType.Byte, value, value);
    public static implicit operator Scalar(sbyte value) => new(ScalarType.Int8, value, value);
    public static implicit operator Scalar(short value) => new(ScalarType.Int16, value, value);
    public static implicit operator Scalar(int value) => new(ScalarType.Int32, value, value);
    public static implicit operator Scalar(long value) => new(ScalarType.Int64, value, value);
    public static implicit operator Scalar(Half value) => Floating(ScalarType.Float16, (double)value);
    public static implicit operator Scalar(float value) => Floating(ScalarType.Float32, value);
    public static implicit operator Scalar(double value) => Floating(ScalarType.Float64, value);
    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, value ? 1 : 0, value ? 1 : 0);
    public static implicit operator Scalar((float, float) value) => new(ScalarType.ComplexFloat32, 0, value.Item1, value.Item2);
    public static implicit operator Scalar(Complex value) => new(ScalarType.ComplexFloat64, 0, value.Real, value.Imaginary);

    public void Dispose()
    {
    }

    public override string ToString() =>
        Type == ScalarType.Bool ? (Whole != 0 ? "True" : "False") : IsIntegral ? $"{Whole}" : IsComplex ? $"{new Complex(Real, Imaginary)}" : $"{Real}";

    private static Scalar Floating(ScalarType type, double value) => new(type, 0, value);
}
