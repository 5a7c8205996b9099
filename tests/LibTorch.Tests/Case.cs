using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>One entry of the library, what it is computed on, and the elements that come out by hand.</summary>
public sealed record Case(string Name, Func<Tensor> Compute, double[] Expected, long[]? Shape)
{
    public override string ToString() => Name;

    public void Check()
    {
        using var scope = NewDisposeScope();
        var actual = Compute();
        if (Shape is not null) Assert.Equal(Shape, actual.shape);
        Expect.Elements(actual, Expected);
    }
}

/// <summary>A table of cases.</summary>
public sealed class Cases : TheoryData<Case>
{
    public void Add(string name, Func<Tensor> compute, params double[] expected) => Add(new Case(name, compute, expected, null));

    public void Add(string name, long[] shape, Func<Tensor> compute, params double[] expected) => Add(new Case(name, compute, expected, shape));
}
