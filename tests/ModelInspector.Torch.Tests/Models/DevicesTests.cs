using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Models;

/// <summary>Names of devices.</summary>
public class DevicesTests
{
    [Fact]
    public void The_processor_is_always_there() => Assert.Equal(TorchSharp.DeviceType.CPU, Devices.Of("cpu").type);

    [Theory]
    [InlineData("gpu")]
    [InlineData("")]
    [InlineData("cpu:x")]
    [InlineData("meta")]
    public void Another_name_is_refused(string name) =>
        Assert.Contains("Expected `cpu`, `cuda` or `cuda:1`", Assert.Throws<InputException>(() => Devices.Of(name)).Message, StringComparison.Ordinal);

    [SkippableFact]
    public void A_graphics_card_that_is_absent_is_refused_with_what_is_there()
    {
        Skip.If(cuda.is_available(), "There is a graphics card here.");
        Assert.Contains("no CUDA device", Assert.Throws<InputException>(() => Devices.Of("cuda")).Message, StringComparison.Ordinal);
    }
}
