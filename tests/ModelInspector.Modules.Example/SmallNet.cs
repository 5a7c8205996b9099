using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Modules.Example;

/// <summary>A small residual network for images of one channel, as a user would write it.</summary>
public sealed class SmallNet : nn.Module<Tensor, Tensor>
{
    private readonly Sequential stem = nn.Sequential(("conv", nn.Conv2d(1, 4, 3, stride: 2, padding: 1)), ("bn", nn.BatchNorm2d(4)), ("relu", nn.ReLU(inplace: true)));
    private readonly Block block = new();
    private readonly Linear head = nn.Linear(4, 3);

    public SmallNet() : base(nameof(SmallNet)) => RegisterComponents();

    public override Tensor forward(Tensor input) => head.call(block.call(stem.call(input)).mean([2, 3]));
}

/// <summary>A residual block that calls one convolution twice.</summary>
public sealed class Block : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv = nn.Conv2d(4, 4, 3, padding: 1);
    private readonly ReLU relu = nn.ReLU();

    public Block() : base(nameof(Block)) => RegisterComponents();

    public override Tensor forward(Tensor input) => relu.call(conv.call(relu.call(conv.call(input))) + input);
}
