using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class DispatcherTests
{
    [Fact]
    public void Every_operator_that_the_library_names_exists_in_this_libtorch()
    {
        var operators = typeof(Ops).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(field => (Operator)field.GetValue(null)!).ToList();
        Assert.True(operators.Count > 300);
        Assert.All(operators, op => Assert.NotEqual(0, op.Handle));
    }

    [Fact]
    public void A_schema_names_arguments_types_and_defaults()
    {
        var add = Dispatcher.Find("aten::add", "Tensor");
        Assert.Equal(["self", "other", "alpha"], add.Arguments.Select(argument => argument.Name));
        Assert.Equal(["Tensor", "Tensor", "Scalar"], add.Arguments.Select(argument => argument.Type.Replace("number", "Scalar")));
        Assert.Equal([false, false, true], add.Arguments.Select(argument => argument.HasDefault));
        Assert.Equal("Tensor", Assert.Single(add.Returns).Type);
        Assert.Equal("aten::add.Tensor", add.ToString());
        Assert.Equal(2, Dispatcher.Find("aten::max", "dim").Returns.Length);
    }

    [Fact]
    public void Boxed_values_of_every_kind_reach_the_operator()
    {
        using var scope = NewDisposeScope();
        var x = M23;
        Elements(One("aten::add", "Tensor", x, x, 2), 3, 6, 9, 12, 15, 18);
        Elements(One("aten::add", "Tensor", x, 1.5f, Dispatcher.Default), 2.5, 3.5, 4.5, 5.5, 6.5, 7.5);
        Elements(One("aten::sum", "dim_IntList", x, new[] { 0 }, true), 5, 7, 9);
        Elements(One("aten::cat", "", new List<Tensor> { x, x }, 1L).sum(), 42);
        Elements(One("aten::to", "dtype", x, ScalarType.Int64), 1, 2, 3, 4, 5, 6);
        Elements(One("aten::div", "Tensor_mode", D(-7), D(2), "floor"), -4);
        Elements(One("aten::zeros", "", new long[] { 2 }, null, null, CPU), 0, 0);
        Elements(One("aten::zeros", "", new long[] { 2 }, null, null, "cpu"), 0, 0);
        Elements(One("aten::index", "Tensor", x, new Tensor?[] { null, L(2) }), 3, 6);
        Elements(One("aten::clamp", "", x, null, (Scalar)4), 1, 2, 3, 4, 4, 4);
        Elements(One("aten::upsample_nearest2d", "vec", ones(1, 1, 1, 1), null, new[] { 2f, 1 }), 1, 1);
        using var generator = new Generator(1);
        Assert.Equal([2], One("aten::rand", "generator", new long[] { 2 }, generator).shape);
    }

    [Fact]
    public void Results_of_every_kind_come_back()
    {
        using var scope = NewDisposeScope();
        var x = M23;
        var both = Dispatcher.Call("aten::max", "dim", x, 1);
        Elements((Tensor)both[0]!, 3, 6);
        Elements((Tensor)both[1]!, 2, 2);
        Assert.Equal(2, ((Tensor[])Dispatcher.Call("aten::unbind", "int", x)[0]!).Length);
        Assert.Equal(7L, Dispatcher.Call("aten::item", "", tensor(7L))[0]);
        Assert.Equal(7.5, Dispatcher.Call("aten::item", "", tensor(7.5))[0]);
        Assert.Equal(true, Dispatcher.Call("aten::item", "", tensor(true))[0]);
        Assert.Equal(new System.Numerics.Complex(1, 2), Dispatcher.Call("aten::item", "", tensor(new System.Numerics.Complex(1, 2)))[0]);
        Assert.Equal(true, Dispatcher.Call("aten::equal", "", x, x)[0]);
    }

    [Fact]
    public void One_number_stands_for_a_list_of_fixed_length()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1, 1, 2, 2], One("aten::avg_pool2d", "", ones(1, 1, 4, 4), 2).shape);
        Assert.Equal([1, 1, 1, 1], One("aten::avg_pool2d", "", ones(1, 1, 4, 4), new[] { 4L, 4 }).shape);
    }

    [Fact]
    public void A_long_list_of_arguments_is_no_obstacle()
    {
        using var scope = NewDisposeScope();
        var many = Enumerable.Range(0, 1000).Select(k => tensor((double)k).reshape(1)).ToArray();
        Elements(cat(many).sum(), 499500);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("This libtorch has no operator aten::frobnicate.", Message(() => Dispatcher.Find("aten::frobnicate")));
        Assert.Equal("This libtorch has no operator aten::add.Frob.", Message(() => Dispatcher.Find("aten::add", "Frob")));
        Assert.Equal("aten::relu needs its argument 'self'.", Message(() => Dispatcher.Call("aten::relu", "")));
        Assert.Equal("aten::relu takes 1 arguments and was given 2.", Message(() => Dispatcher.Call("aten::relu", "", M23, 1)));
        Assert.Equal("Argument 'dim' expects int and was given a string.", Message(() => Dispatcher.Call("aten::softmax", "int", M23, "x")));
        Assert.Equal("Argument 'self' expects Tensor and was given a string.", Message(() => Dispatcher.Call("aten::relu", "", "x")));
        Assert.Throws<ArgumentException>(() => Dispatcher.Call("aten::relu", "", new object()));
    }

    [Fact]
    public void The_first_line_of_a_native_error_is_the_message()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("shape '[7]' is invalid for input of size 3", Message(() => arange(3).reshape(7)));
        Assert.Equal("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0", Message(() => zeros(2) + zeros(3)));
        Assert.StartsWith("Dimension out of range", Message(() => M23.softmax(5)));
        Assert.StartsWith("linalg.inv: The diagonal element 1 is zero", Message(() => linalg.inv(zeros(2, 2))));
        Assert.DoesNotContain('\n', Message(() => zeros(2).cuda()));
    }

    [Fact]
    public void The_environment_is_described()
    {
        Assert.Matches(@"^\d+\.\d+", Native.Environment.Libtorch);
        Assert.Equal(__version__, Native.Environment.Libtorch);
        Assert.Contains("threads", Native.Environment.Parallel, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(Native.Environment.Build);
        Assert.True(File.Exists(Native.Environment.BridgeFile));
        Assert.Contains(Native.Environment.LoadedFiles(), file => file.Contains("libtorch_cpu", StringComparison.Ordinal));
    }

    [Fact]
    public void Devices_that_are_not_there_are_reported_as_such()
    {
        Assert.Equal(cuda.device_count() > 0, cuda.is_available());
        Assert.Equal(cuda.is_available(), cuda_is_available());
        InitializeDeviceType(DeviceType.CPU);
        Assert.Contains("FPGA", Assert.Throws<InvalidOperationException>(() => InitializeDeviceType(DeviceType.FPGA)).Message);
    }

    private static Tensor One(string name, string overload, params object?[] arguments) => (Tensor)Dispatcher.Call(name, overload, arguments)[0]!;

    private static string Message(Func<object?> action) => Assert.Throws<ExternalException>(() => _ = action()).Message;
}
