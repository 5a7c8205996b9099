using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// The only way to look inside a network: called after each layer of one run, in execution order.
/// </summary>
/// <param name="layer">The layer that has just run.</param>
/// <param name="inputs">The tensors it was given.</param>
/// <param name="output">What it gave. Alive during the call only: keep <c>output.alias()</c>, <c>detach()</c> or <c>clone()</c>.</param>
/// <returns>Null to leave the output; another tensor to put in its place, which the run then owns.</returns>
public delegate Tensor? Tap(Layer layer, ReadOnlySpan<Tensor> inputs, Tensor output);
