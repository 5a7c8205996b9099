using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>Where networks run.</summary>
public static class Devices
{
    /// <summary>The device of that name.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</param>
    /// <exception cref="InputException">There is no such device here.</exception>
    public static Device Of(string name)
    {
        var device = Parsed(name);
        if (device.type != DeviceType.CUDA) return device;
        var count = cuda.is_available() ? cuda.device_count() : 0;
        return Math.Max(0, device.index) < count ? device : throw new InputException(
            $"There is no device `{name}` here: this libtorch sees {(count == 0 ? "no CUDA device" : $"{count} CUDA devices")}. Use `cpu`, or see `modelinspector doctor`.");
    }

    private static Device Parsed(string name)
    {
        try
        {
            var device = torch.device(name);
            if (device.type is DeviceType.CPU or DeviceType.CUDA) return device;
        }
        catch (Exception error) when (error is ArgumentException or ExternalException or FormatException)
        {
            // Said below, as of any other name that is no device of ours.
        }
        throw new InputException($"`{name}` is no device that networks run on. Expected `cpu`, `cuda` or `cuda:1`.");
    }
}
