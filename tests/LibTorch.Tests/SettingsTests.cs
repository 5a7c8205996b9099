using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Settings of the whole process, given back after each test.</summary>
[Collection(nameof(WholeProcess))]
public class SettingsTests
{
    [Fact]
    public void The_default_type_rules_what_has_none()
    {
        using var scope = NewDisposeScope();
        set_default_dtype(float64);
        try
        {
            Assert.Equal(float64, get_default_dtype());
            Assert.Equal(float64, zeros(1).dtype);
            Assert.Equal(float64, rand(1).dtype);
            Assert.Equal(float64, linspace(0, 1, 2).dtype);
        }
        finally
        {
            set_default_dtype(float32);
        }
        Assert.Equal(float32, zeros(1).dtype);
    }

    [Fact]
    public void The_default_device_takes_what_names_none()
    {
        using var scope = NewDisposeScope();
        set_default_device("meta");
        try
        {
            Assert.Equal(META, get_default_device());
            Assert.Equal(META, zeros(1).device);
            Assert.Equal(META, tensor(new[] { 1f, 2 }).device);
            Assert.Equal(CPU, zeros(1, device: CPU).device);
        }
        finally
        {
            set_default_device(CPU);
        }
        Assert.Equal(CPU, zeros(1).device);
    }

    [Fact]
    public void The_print_options_rule_what_is_not_said()
    {
        using var x = D(1.2345, 2);
        set_printoptions(TensorStringStyle.Numpy, "F1");
        try
        {
            Assert.Equal("[1.2 2.0]", x.str());
            set_printoptions(2, sci_mode: true, maxColumns: 1);
            Assert.Equal("[1.23E+000 ...]", x.str());
        }
        finally
        {
            set_printoptions(TensorStringStyle.Julia, "g5", 100, "\n", 6, 6);
        }
    }

    [Fact]
    public void A_tensor_says_where_it_lives_and_what_it_is()
    {
        using var x = M23.with_requires_grad();
        Assert.Equal((2, 6, -1, false, false), (x.Dimensions, x.NumberOfElements, x.device_index, x.is_cuda, x.is_sparse));
        Assert.Equal(8, x.ElementSize);
        Assert.True(x.requires_grad);
        Assert.True(is_tensor(x));
        Assert.False(is_tensor("x"));
        Assert.Equal([ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.ComplexFloat32], [uint8, int8, int16, complex64]);
    }
}
