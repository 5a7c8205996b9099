using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Modules.Example;

/// <summary>Throws in its second module where its input holds a negative value.</summary>
public sealed class Failing : nn.Module<Tensor, Tensor>
{
    private readonly Linear first = nn.Linear(2, 2);
    private readonly Refusing second = new();

    public Failing() : base(nameof(Failing)) => RegisterComponents();

    public override Tensor forward(Tensor input) => second.call(first.call(input) * 0 + input);
}

/// <summary>Refuses negative values.</summary>
public sealed class Refusing() : nn.Module<Tensor, Tensor>(nameof(Refusing))
{
    public override Tensor forward(Tensor input) =>
        input.min().item<float>() < -2 ? throw new InvalidOperationException("nothing below -2 is allowed here") : input + 1;
}

/// <summary>Writes into what its first module gave.</summary>
public sealed class Overwriting : nn.Module<Tensor, Tensor>
{
    private readonly Linear first = nn.Linear(2, 2);
    private readonly Linear second = nn.Linear(2, 2);

    public Overwriting() : base(nameof(Overwriting)) => RegisterComponents();

    public override Tensor forward(Tensor input) => second.call(first.call(input).add_(1));
}

/// <summary>Cannot be made without arguments.</summary>
public sealed class Demanding(long width) : nn.Module<Tensor, Tensor>(nameof(Demanding))
{
    public override Tensor forward(Tensor input) => input * width;
}

/// <summary>Takes two inputs.</summary>
public sealed class Pair() : nn.Module<Tensor, Tensor, Tensor>(nameof(Pair))
{
    public override Tensor forward(Tensor input1, Tensor input2) => input1 + input2;
}
