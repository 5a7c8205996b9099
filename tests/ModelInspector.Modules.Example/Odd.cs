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

/// <summary>Calls a module twice beside another whose name is what the second call would be called.</summary>
public sealed class Colliding : nn.Module<Tensor, Tensor>
{
    private readonly Linear conv = nn.Linear(2, 2);
    private readonly Linear conv_1 = nn.Linear(2, 2);

    public Colliding() : base("conv") => RegisterComponents();

    public override Tensor forward(Tensor input) => conv_1.call(conv.call(conv.call(input)));
}

/// <summary>Goes by the name of a module of TorchSharp's and reads everything.</summary>
public sealed class Identity() : nn.Module<Tensor, Tensor>(nameof(Identity))
{
    public override Tensor forward(Tensor input) => input.mean([-1L], keepdim: true) + input;
}

/// <summary>Holds such a module.</summary>
public sealed class Misnamed : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv = nn.Conv2d(1, 1, 3);
    private readonly Identity identity = new();

    public Misnamed() : base(nameof(Misnamed)) => RegisterComponents();

    public override Tensor forward(Tensor input) => identity.call(conv.call(input));
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
