using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>Tells what a step does to positions and what it costs, from what it was given and what it gave.</summary>
internal delegate Reach? Telling(ReadOnlySpan<object?> inputs, Tensor output);
