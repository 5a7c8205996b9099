using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer is told for a group of parameters; null takes the optimizer's own value.</summary>
public abstract class OptimizerOptions
{
    public double? LearningRate { get; set; }
    public double InitialLearningRate { get; set; }

    /// <summary>Whether a schedule has taken its start from here: the next one starts from the same rate.</summary>
    internal bool Scheduled { get; set; }

    /// <summary>Takes over what is not set here.</summary>
    internal abstract void Complete(OptimizerOptions defaults);

    /// <summary>All numbers, in a fixed order, as a state file keeps them.</summary>
    internal abstract double[] Numbers { get; set; }

    private protected static double Number(bool? flag) => flag == true ? 1 : 0;
}

/// <summary>Parameters that share their options.</summary>
public class ParamGroup : optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; } = [];
    public OptimizerOptions Options { get; set; } = null!;

    public double LearningRate { get => Options.LearningRate!.Value; set => Options.LearningRate = value; }
    public double InitialLearningRate { get => Options.InitialLearningRate; set => Options.InitialLearningRate = value; }
}

/// <summary>Parameters that share an optimizer's own kind of options.</summary>
public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions, new()
{
    public ParamGroup() => Options = new TOptions();

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions? options = null)
    {
        base.Parameters = [.. parameters];
        base.Options = options ?? new TOptions();
    }

    public new TOptions Options { get => (TOptions)base.Options; set => base.Options = value; }
}
