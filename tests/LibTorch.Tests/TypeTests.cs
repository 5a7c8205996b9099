using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class TypeTests
{
    [Fact]
    public void A_device_is_read_from_text()
    {
        Assert.Equal((DeviceType.CPU, -1), Parts("cpu"));
        Assert.Equal((DeviceType.CUDA, 0), Parts("cuda"));
        Assert.Equal((DeviceType.CUDA, 1), Parts("cuda:1"));
        Assert.Equal((DeviceType.META, -1), Parts("meta"));
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
        Assert.Equal("cpu", CPU.ToString());
        Assert.Equal(new Device("cuda:1"), new Device(DeviceType.CUDA, 1));
        Assert.Equal(new Device(1), device("cuda", 1));
        Assert.Equal(CUDA, device(DeviceType.CUDA));
        Assert.NotEqual(CPU, META);

        static (DeviceType, int) Parts(string text) => (device(text).type, device(text).index);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    [InlineData("cuda:1:2")]
    [InlineData("cuda:-1")]
    [InlineData("")]
    [InlineData("1")]
    public void A_text_that_is_no_device_is_refused(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<ArgumentException>(() => new Device(text)).Message);

    [Fact]
    public void A_size_is_compared_added_and_cut()
    {
        Size size = (2, 3, 4);
        Assert.Equal(24, size.numel());
        Assert.Equal((3, 3L, 4L), (size.Length, size[1], size[2L]));
        Assert.True(size == new Size([2L, 3, 4]));
        Assert.True(size != new Size(2));
        Assert.True((Size)5 + (Size)(6, 7) == new Size((5, 6, 7)));
        Assert.True((Size)5 + new long[] { 6 } == new Size((5, 6)));
        Assert.Equal([3, 4], size.Slice(1, 3).Shape);
        Assert.Equal([2, 3], size.Take(2));
        Assert.True(default(Size).IsEmpty);
        Assert.True(Size.Empty.IsScalar);
        Assert.Equal(new Size((1, 2)).GetHashCode(), new Size([1, 2]).GetHashCode());
        Assert.Equal([1, 2, 3, 4, 5, 6], new Size((1, 2, 3, 4, 5, 6)));
    }

    [Fact]
    public void A_scalar_has_the_type_of_its_number_and_converts()
    {
        Assert.Equal(
            [ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64],
            new Scalar[] { (byte)1, (sbyte)1, (short)1, 1, 1L, (Half)1, 1f, 1.0, true, (1f, 2f), new Complex(1, 2) }.Select(scalar => scalar.Type));
        Scalar number = 3.7;
        Assert.Equal((3, 3L, 3.7f, 3.7, true), (number.ToInt32(), number.ToInt64(), number.ToSingle(), number.ToDouble(), number.ToBoolean()));
        Assert.Equal(long.MaxValue, ((Scalar)long.MaxValue).ToInt64());
        Assert.Equal(new Complex(1, 2), new Complex(1, 2).ToScalar().ToComplexFloat64());
        Assert.Equal((1f, 2f), (1f, 2f).ToScalar().ToComplexFloat32());
        Assert.Throws<OverflowException>(() => 300.ToScalar().ToByte());
    }

    [Fact]
    public void The_limits_of_floating_types_are_known()
    {
        Assert.Equal((32, 1.1920928955078125e-07, float.MaxValue), (finfo().bits, finfo().eps, finfo().max));
        Assert.Equal(double.MaxValue, finfo(float64).max);
        Assert.Equal(65504, finfo(float16).max);
        Assert.Throws<ArgumentException>(() => finfo(int32));
    }
}
