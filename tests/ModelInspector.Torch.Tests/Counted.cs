using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Counts how often a network is run: whole, up to a layer, and from there on.</summary>
internal sealed class Counted(GraphModel inner) : IDifferentiableModel, ISplittableModel
{
    public int Runs { get; private set; }

    public int Prefixes { get; private set; }

    public int Suffixes { get; private set; }

    public ModelGraph Graph => inner.Graph;

    public Outputs Run(Inputs inputs, Tap? tap = null)
    {
        Runs++;
        return inner.Run(inputs, tap);
    }

    public Prefix RunTo(string layer, Inputs inputs)
    {
        Prefixes++;
        return inner.RunTo(layer, inputs);
    }

    public Outputs RunFrom(Prefix prefix, Tensor value, Tap? tap = null)
    {
        Suffixes++;
        return inner.RunFrom(prefix, value, tap);
    }

    public void Dispose() => inner.Dispose();
}
