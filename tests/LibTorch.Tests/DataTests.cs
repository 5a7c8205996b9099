using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Utils;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class DataTests
{
    [Fact]
    public void Elements_come_in_logical_order_whatever_the_strides()
    {
        using var scope = NewDisposeScope();
        var turned = M23.T.data<double>();
        Assert.Equal([1, 4, 2, 5, 3, 6], turned.ToArray());
        Assert.Equal([1, 4, 2, 5, 3, 6], turned);
        Assert.Equal(6, turned.Count);
        Assert.Equal(new double[,] { { 1, 4 }, { 2, 5 }, { 3, 6 } }, turned.ToNDArray());
        Assert.Equal(5, turned[1, 1]);
        Assert.Equal(5, turned[3]);
        Assert.True(turned == M23.T.contiguous().data<double>());
    }

    [Fact]
    public void Elements_can_be_written_through_the_accessor()
    {
        using var scope = NewDisposeScope();
        var x = M23;
        x.T.data<double>()[2, 0] = 9;
        Elements(x, 1, 2, 9, 4, 5, 6);
        x.data<double>().CopyFrom([7, 8], 0, 4);
        Elements(x, 1, 2, 9, 4, 7, 8);
        x.T.data<double>().CopyFrom([0, 0], 0, 1);
        Elements(x, 1, 0, 9, 0, 7, 8);
        var target = new double[3];
        x.data<double>().CopyTo(target, 1, 3);
        Assert.Equal([0, 0, 7], target);
        x.T.data<double>().CopyTo(target.AsSpan());
        Assert.Equal([1, 0, 0], target);
    }

    [Fact]
    public void The_element_type_must_match()
    {
        using var x = zeros(1);
        Assert.Equal("Double is not compatible with Float32", Assert.Throws<ArgumentException>(() => x.data<double>()).Message);
        Assert.Throws<ArgumentException>(() => x.item<int>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
        Assert.Throws<ArgumentException>(() => zeros(2).ToSingle());
    }

    [Fact]
    public void An_index_outside_the_elements_is_refused()
    {
        using var scope = NewDisposeScope();
        var elements = M23.data<double>();
        Assert.Throws<ArgumentOutOfRangeException>(() => elements[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => elements[6]);
        Assert.Throws<ArgumentException>(() => elements[0, 0, 0]);
    }

    [Fact]
    public void A_number_converts_to_any_type_that_holds_it()
    {
        using var scope = NewDisposeScope();
        var x = tensor(3.0);
        Assert.Equal((3f, 3.0, 3, 3L, (short)3, (byte)3, (sbyte)3), (x.ToSingle(), x.ToDouble(), x.ToInt32(), x.ToInt64(), x.ToInt16(), x.ToByte(), x.ToSByte()));
        Assert.Equal((3f, 3.0, 3, 3L, (short)3, (byte)3, (sbyte)3), ((float)x, (double)x, (int)x, (long)x, (short)x, (byte)x, (sbyte)x));
        Assert.True(x.ToBoolean());
        Assert.True((bool)x);
        Assert.Equal((Half)3, x.ToHalf());
        Assert.Equal(new Complex(3, 0), x.ToComplex64());
        Assert.Equal((1f, 2f), tensor((1f, 2f)).ToComplexFloat32());
        Assert.Throws<OverflowException>(() => tensor(300).ToByte());
    }

    [Fact]
    public void Every_element_type_survives_the_way_in_and_out()
    {
        using var scope = NewDisposeScope();
        Check([true, false]);
        Check<byte>([0, 255]);
        Check<sbyte>([-128, 127]);
        Check<short>([-32768, 32767]);
        Check([int.MinValue, int.MaxValue]);
        Check([long.MinValue, long.MaxValue]);
        Check([(Half)1.5, Half.MaxValue]);
        Check([float.Epsilon, float.NegativeInfinity]);
        Check([double.Epsilon, double.MaxValue]);
        Check([(1f, 2f), (3f, 4f)]);
        Check([new Complex(1, 2)]);

        static void Check<T>(T[] elements) where T : struct => Assert.Equal(elements, as_tensor((Array)elements).data<T>().ToArray());
    }

    [Fact]
    public void The_bytes_are_the_memory_itself()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2 });
        Assert.Equal(new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 }, x.bytes.ToArray());
        MemoryMarshal.Cast<byte, float>(x.bytes)[0] = 7;
        Elements(x, 7, 2);
        x.bytes = new byte[8];
        Elements(x, 0, 0);
        Assert.Throws<ArgumentException>(() => x.bytes = new byte[7]);
        Assert.Throws<InvalidOperationException>(() => M23.T.bytes.Length);
    }

    [Fact]
    public void A_tensor_becomes_nested_lists()
    {
        using var scope = NewDisposeScope();
        var list = (List<object>)M23.@int().tolist();
        Assert.Equal([4, 5, 6], (List<object>)list[1]);
        Assert.Equal(2.5f, tensor(2.5f).tolist());
        Assert.Equal(true, tensor(true).tolist());
    }

    [Fact]
    public void A_disposed_tensor_says_that_it_is_invalid()
    {
        var x = zeros(1);
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Equal("Tensor invalid -- empty handle.", Assert.Throws<InvalidOperationException>(() => x.Handle).Message);
        Assert.Throws<InvalidOperationException>(() => x + 1);
        Assert.Throws<InvalidOperationException>(() => x.shape);
        Assert.Throws<InvalidOperationException>(() => x.data<float>());
        Assert.Equal("invalid tensor", x.ToString());
    }

    [Fact]
    public void An_accessor_of_a_disposed_tensor_does_not_read_freed_memory()
    {
        var x = zeros(3);
        var elements = x.data<float>();
        x.Dispose();
        Assert.Throws<InvalidOperationException>(() => elements[0]);
        Assert.Throws<InvalidOperationException>(() => elements.ToArray());
        Assert.Throws<InvalidOperationException>(() => elements.CopyFrom([1f]));
    }

    [Fact]
    public void A_handle_can_be_taken_over()
    {
        using var x = Tensor.UnsafeCreateTensor(zeros(2).MoveHandle());
        Elements(x, 0, 0);
    }

    [Fact]
    public void An_int_shape_and_sizes_can_be_had()
    {
        using var x = M23;
        Assert.Equal([2, 3], x.IntShape().ToArray());
        Assert.Equal(6, x.shape.TotalSize());
        Assert.Equal(2, ScalarType.Float16.ElementSize());
        Assert.Equal(16, ScalarType.ComplexFloat64.ElementSize());
    }
}
