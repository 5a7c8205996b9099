using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class SmokeTests
{
    [Fact]
    public void Numbers_go_in_and_come_out()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        Assert.Equal([2, 2], x.shape);
        Assert.Equal([1, 3, 2, 4], x.T.data<float>().ToArray());
        Assert.Equal(10, x.sum().item<float>());
        Assert.Equal([7, 10, 15, 22], x.matmul(x).data<float>().ToArray());
        Assert.Equal([2, 3, 4, 5], (x + 1).data<float>().ToArray());
        Assert.Equal([3, 4], x[1].data<float>().ToArray());
        Assert.Equal([2, 4], x[TensorIndex.Ellipsis, 1].data<float>().ToArray());
        Assert.Equal([3, 4], x[x > 2].data<float>().ToArray());
        Assert.Equal(ScalarType.Int64, arange(3).dtype);
        Assert.Equal(ScalarType.Float32, arange(3.0).dtype);
    }

    [Fact]
    public void Gradients_flow()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2, 3 }, requires_grad: true);
        (x * x).sum().backward();
        Assert.Equal([2, 4, 6], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_native_error_is_an_external_exception_with_its_first_line()
    {
        using var x = arange(3);
        var error = Assert.Throws<ExternalException>(() => x.reshape(7));
        Assert.Equal("shape '[7]' is invalid for input of size 3", error.Message);
    }
}
