using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Counts how often a network is run (whole, up to a layer, and from there on), on how many samples, and how often back.</summary>
internal sealed class Counted(GraphModel inner) : IRecordableModel, ISplittableModel
{
    public int Runs { get; private set; }

    public int Prefixes { get; private set; }

    public int Suffixes { get; private set; }

    /// <summary>Samples in all whole runs together.</summary>
    public long Samples { get; private set; }

    /// <summary>Backward passes that came through the outputs.</summary>
    public int Backwards { get; private set; }

    public ModelGraph Graph => inner.Graph;

    public Outputs Run(Inputs inputs, Tap? tap = null)
    {
        Runs++;
        Samples += inputs.For(Graph.Inputs)[0].shape[0];
        return Watched(inner.Run(inputs, tap));
    }

    /// <summary>Runs that were kept step by step.</summary>
    public int Recordings { get; private set; }

    public Recording Record(Inputs inputs)
    {
        Recordings++;
        return inner.Record(inputs);
    }

    public Prefix RunTo(string layer, Inputs inputs)
    {
        Prefixes++;
        return inner.RunTo(layer, inputs);
    }

    public Outputs RunFrom(Prefix prefix, Tensor value, Tap? tap = null)
    {
        Suffixes++;
        return Watched(inner.RunFrom(prefix, value, tap));
    }

    public void Dispose() => inner.Dispose();

    private Outputs Watched(Outputs given)
    {
        using var outputs = given;
        return new Outputs(outputs.Select(output => KeyValuePair.Create(output.Key, Passing.apply(output.Value, this))));
    }

    /// <summary>Passes values and gradients on, and tells each time a backward pass comes through.</summary>
    public sealed class Passing : autograd.SingleTensorFunction<Passing>
    {
        public override string Name => nameof(Passing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("counted", vars[1]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ((Counted)ctx.get_data("counted")).Backwards++;
            return [grad_output.clone(), null!];
        }
    }
}
