using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>Sees everything that goes through a network in one run.</summary>
internal interface IWatcher
{
    /// <summary>The run begins.</summary>
    /// <param name="inputs">The inputs, as the steps will be given them.</param>
    void Begins(Tensor[] inputs);

    /// <summary>A step has run.</summary>
    void Ran(ProgramStep step, object?[] inputs, object?[] outputs, TimeSpan time);
}
