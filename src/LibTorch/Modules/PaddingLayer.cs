using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>Adds to both ends of the last dimensions; the lengths go from the last dimension backwards.</summary>
public abstract class PaddingLayer : ParameterLessModule<Tensor, Tensor>
{
    private readonly PaddingModes mode;

    private protected PaddingLayer(string name, long[] padding, PaddingModes mode, double value = 0) : base(name) =>
        (this.padding, this.mode, this.value) = (padding, mode, value);

    public long[] padding { get; set; }
    public double value { get; set; }

    public override Tensor forward(Tensor input) => F.pad(input, padding, mode, value);
}

public sealed class ZeroPad2d : PaddingLayer
{
    internal ZeroPad2d(long[] padding) : base(nameof(ZeroPad2d), padding, PaddingModes.Constant) { }
}

public sealed class ConstantPad1d : PaddingLayer
{
    internal ConstantPad1d(long[] padding, double value) : base(nameof(ConstantPad1d), padding, PaddingModes.Constant, value) { }
}

public sealed class ConstantPad2d : PaddingLayer
{
    internal ConstantPad2d(long[] padding, double value) : base(nameof(ConstantPad2d), padding, PaddingModes.Constant, value) { }
}

public sealed class ConstantPad3d : PaddingLayer
{
    internal ConstantPad3d(long[] padding, double value) : base(nameof(ConstantPad3d), padding, PaddingModes.Constant, value) { }
}

public sealed class ReflectionPad1d : PaddingLayer
{
    internal ReflectionPad1d(long[] padding) : base(nameof(ReflectionPad1d), padding, PaddingModes.Reflect) { }
}

public sealed class ReflectionPad2d : PaddingLayer
{
    internal ReflectionPad2d(long[] padding) : base(nameof(ReflectionPad2d), padding, PaddingModes.Reflect) { }
}

public sealed class ReflectionPad3d : PaddingLayer
{
    internal ReflectionPad3d(long[] padding) : base(nameof(ReflectionPad3d), padding, PaddingModes.Reflect) { }
}

public sealed class ReplicationPad1d : PaddingLayer
{
    internal ReplicationPad1d(long[] padding) : base(nameof(ReplicationPad1d), padding, PaddingModes.Replicate) { }
}

public sealed class ReplicationPad2d : PaddingLayer
{
    internal ReplicationPad2d(long[] padding) : base(nameof(ReplicationPad2d), padding, PaddingModes.Replicate) { }
}

public sealed class ReplicationPad3d : PaddingLayer
{
    internal ReplicationPad3d(long[] padding) : base(nameof(ReplicationPad3d), padding, PaddingModes.Replicate) { }
}
