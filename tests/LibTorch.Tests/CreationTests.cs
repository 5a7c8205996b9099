using System.Numerics;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class CreationTests
{
    public static Cases Table => new()
    {
        { "zeros", [2], () => zeros(2), 0, 0 },
        { "zeros long[]", [1, 2], () => zeros([1L, 2L]), 0, 0 },
        { "zeros span", [2], () => zeros((ReadOnlySpan<long>)[2]), 0, 0 },
        { "zeros 2", [1, 2], () => zeros(1, 2), 0, 0 },
        { "zeros 3", [1, 2, 1], () => zeros(1L, 2, 1), 0, 0 },
        { "zeros 4", [1, 2, 1, 1], () => zeros(1, 2, 1, 1), 0, 0 },
        { "ones", [2, 1], () => ones(2, 1), 1, 1 },
        { "empty", [2], () => empty(2).fill_(1), 1, 1 },
        { "full", [2], () => full(2, 7), 7, 7 },
        { "full long[]", [1, 2], () => full([1L, 2L], 2.5), 2.5, 2.5 },
        { "full 4", [1, 1, 1, 2], () => full(1, 1, 1, 2, 3), 3, 3 },
        { "zeros_like", [2, 3], () => zeros_like(M23), 0, 0, 0, 0, 0, 0 },
        { "ones_like", [2], () => ones_like(L(4, 5)), 1, 1 },
        { "full_like", [2], () => full_like(L(4, 5), 9), 9, 9 },
        { "empty_like", [2], () => empty_like(M23).fill_(1)[0, ..2], 1, 1 },
        { "new_zeros", [1, 2], () => L(1).new_zeros(1, 2), 0, 0 },
        { "new_ones", [2], () => L(1).new_ones(2), 1, 1 },
        { "new_full", [2], () => L(1).new_full(2, 4), 4, 4 },
        { "new_empty", [2, 1], () => L(1).new_empty(2, 1).fill_(1), 1, 1 },
        { "arange", () => arange(3), 0, 1, 2 },
        { "arange from", () => arange(1, 3), 1, 2 },
        { "arange step", () => arange(1, 2, 0.5), 1, 1.5 },
        { "linspace", () => linspace(0, 1, 3), 0, 0.5, 1 },
        { "logspace", () => logspace(0, 2, 3), 1, 10, 100 },
        { "logspace base", () => logspace(0, 2, 3, 2), 1, 2, 4 },
        { "eye", [2, 2], () => eye(2), 1, 0, 0, 1 },
        { "eye columns", [1, 2], () => eye(1, 2), 1, 0 },
        { "tril_indices", [2, 3], () => tril_indices(2, 2), 0, 1, 1, 0, 0, 1 },
        { "triu_indices", [2, 3], () => triu_indices(2, 2), 0, 0, 1, 0, 1, 1 },
        { "scalar", [], () => tensor(2.5), 2.5 },
        { "IList", [2], () => tensor(new List<float> { 1, 2 }), 1, 2 },
        { "IList with dims", [2, 1], () => tensor(new List<int> { 1, 2 }, 2, 1), 1, 2 },
        { "IList with 3 dims", [2, 1, 1], () => tensor(new List<int> { 1, 2 }, 2, 1, 1), 1, 2 },
        { "IList with 4 dims", [1, 2, 1, 1], () => tensor(new List<int> { 1, 2 }, 1, 2, 1, 1), 1, 2 },
        { "array with shape", [1, 2], () => tensor(new double[] { 1, 2 }, [1L, 2L]), 1, 2 },
        { "memory with shape", [1, 2], () => tensor(new double[] { 1, 2 }.AsMemory(), [1L, 2L]), 1, 2 },
        { "[,]", [2, 1], () => tensor(new short[,] { { 1 }, { 2 } }), 1, 2 },
        { "[,,]", [2, 1, 1], () => tensor(new byte[,,] { { { 1 } }, { { 2 } } }), 1, 2 },
        { "[,,,]", [2, 1, 1, 1], () => tensor(new sbyte[,,,] { { { { 1 } } }, { { { 2 } } } }), 1, 2 },
        { "converted", [2], () => tensor(new double[] { 1.9, -1.9 }, int32), 1, -1 },
        { "half", [1], () => tensor(new[] { (Half)0.5 }), 0.5 },
        { "complex pair", [1], () => tensor(new[] { (1f, 2f) }).imag, 2 },
        { "complex", [1], () => tensor(new[] { new Complex(1, 2) }).imag, 2 },
        { "complex scalar", [], () => tensor(1f, 2f).imag, 2 },
        { "complex double scalar", [], () => tensor(1.0, 2.0).imag, 2 },
        { "from_array", [2, 1], () => from_array(new[,] { { 1 }, { 2 } }), 1, 2 },
        { "from_array converted", [1], () => from_array(new[] { 1.5 }, int64), 1 },
        { "frombuffer", [2], () => frombuffer(new double[] { 1, 2, 3 }, float64, 2, 1), 2, 3 },
        { "frombuffer converted", [3], () => frombuffer(new double[] { 1.5, 2, 3 }, int32), 1, 2, 3 },
        { "as_tensor array", [2], () => as_tensor(new float[] { 1, 2 }), 1, 2 },
        { "as_tensor list", [2], () => as_tensor(new List<long> { 1, 2 }), 1, 2 },
        { "as_tensor tensor", [2], () => as_tensor(D(1, 2), int64), 1, 2 },
        { "ToTensor", [2, 1], () => new double[] { 1, 2 }.ToTensor([2L, 1L]), 1, 2 },
        { "ToTensor scalar", [], () => 3.5.ToTensor(), 3.5 },
        { "implicit array", [2], () => (Tensor)new float[] { 1, 2 }, 1, 2 },
        { "implicit number", [], () => (Tensor)4, 4 },
        { "implicit scalar", [], () => (Tensor)(Scalar)2.5, 2.5 },
        { "complex of parts", [1], () => complex(D(1), D(2)).real, 1 },
        { "to type", [1], () => D(1.9).to(int64), 1 },
        { "to other", [1], () => D(1.9).to(L(1)), 1 },
        { "to_type", [1], () => D(1.9).to_type(int64), 1 },
        { "to device", [1], () => D(1.9).to(CPU), 1.9 },
        { "to device by name", [1], () => D(1.9).to("cpu"), 1.9 },
        { "to device type", [1], () => D(1.9).to(DeviceType.CPU), 1.9 },
        { "type", [1], () => D(1.9).type(int64), 1 },
        { "type_as", [1], () => D(1.9).type_as(L(1)), 1 },
        { "type of function", [1], () => D(-1).type(x => x.abs()), 1 },
        { "cpu", [1], () => D(1.9).cpu(), 1.9 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    [Fact]
    public void The_element_type_follows_the_csharp_type()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Byte, tensor((byte)1).dtype);
        Assert.Equal(ScalarType.Int8, tensor((sbyte)1).dtype);
        Assert.Equal(ScalarType.Int16, tensor((short)1).dtype);
        Assert.Equal(ScalarType.Float16, tensor((Half)1).dtype);
        Assert.Equal(ScalarType.ComplexFloat32, tensor((1f, 2f)).dtype);
        Assert.Equal(ScalarType.ComplexFloat64, tensor(new Complex(1, 2)).dtype);
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(3.0).dtype);
        Assert.Equal(ScalarType.Float32, zeros(1).dtype);
        Assert.Equal(ScalarType.Float32, full(1, 7).dtype);
        Assert.Equal(ScalarType.Int64, randperm(3).dtype);
    }

    [Fact]
    public void The_short_conversions_name_their_type()
    {
        using var scope = NewDisposeScope();
        var x = D(1);
        Assert.Equal(
            [ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16],
            new[] { x.@bool(), x.@byte(), x.@char(), x.@short(), x.@int(), x.@long(), x.half(), x.@float(), x.@double(), x.bfloat16() }.Select(y => y.dtype));
        Assert.True(x.is_floating_point());
        Assert.True(x.@int().is_integral());
        Assert.False(x.is_complex());
    }

    [Fact]
    public void A_tensor_copies_its_array_and_from_array_shares_it()
    {
        using var scope = NewDisposeScope();
        float[] array = [1, 2];
        var (copy, shared) = (tensor(array), from_array(array));
        array[0] = 9;
        Elements(copy, 1, 2);
        Elements(shared, 9, 2);
        shared[1] = 8f;
        Assert.Equal(8, array[1]);
    }

    [Fact]
    public void A_shared_array_stays_where_it_is_as_long_as_a_view_lives()
    {
        using var scope = NewDisposeScope();
        var view = View();
        for (int k = 0; k < 3; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Elements(view, 0, 1, 2);

        static Tensor View() => from_array(Enumerable.Range(0, 1000).Select(k => (double)k).ToArray())[..3];
    }

    [Fact]
    public void A_shape_that_does_not_fit_the_elements_is_refused()
    {
        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => tensor(new double[] { 1, 2, 3 }, [2L, 2L]));
        Assert.Equal("A tensor of shape [2, 2] needs 4 elements and was given 3.", error.Message);
    }

    [Fact]
    public void A_conversion_can_dispose_its_source()
    {
        var source = D(1);
        using var converted = source.to(int32, disposeAfter: true);
        Assert.True(source.IsInvalid);
        Elements(converted, 1);
    }

    [Fact]
    public void A_meta_tensor_has_a_shape_and_no_elements()
    {
        using var x = zeros(3, 4, device: META);
        using var y = x.matmul(x.T);
        Assert.Equal([3, 3], y.shape);
        Assert.Equal(DeviceType.META, y.device_type);
    }

    [Fact]
    public void Named_dimensions_are_refused_in_words() =>
        Assert.Contains("Named dimensions", Assert.Throws<NotSupportedException>(() => zeros(1, names: ["N"])).Message);
}
