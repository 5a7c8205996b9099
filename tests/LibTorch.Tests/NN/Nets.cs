using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

/// <summary>A convolution block, as users write them: fields, and one call of RegisterComponents.</summary>
internal sealed class Block : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;

    public Block(long from, long to) : base(nameof(Block))
    {
        (conv, bn) = (Conv2d(from, to, 3, padding: 1, bias: false), BatchNorm2d(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return functional.relu(bn.call(conv.call(input))).MoveToOuterDisposeScope();
    }
}

/// <summary>Two blocks, a parameter and a buffer of its own, and a head.</summary>
internal sealed class Net : Module<Tensor, Tensor>
{
    private readonly Sequential layers;
    private readonly Parameter scale;
    private readonly Tensor offset;
    private readonly Linear fc;

    public Net() : base(nameof(Net))
    {
        layers = Sequential(("first", new Block(1, 2)), ("second", new Block(2, 2)));
        scale = Parameter(ones(1));
        offset = zeros(1);
        fc = Linear(2, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var pooled = functional.adaptive_avg_pool2d(layers.call(input), 1).flatten(1);
        return fc.call((pooled * scale) + offset).MoveToOuterDisposeScope();
    }
}
