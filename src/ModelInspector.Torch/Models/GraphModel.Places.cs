using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>Inputs come to where the weights are, and outputs go back to where the inputs were. What a tap sees stays where it was computed.</summary>
public sealed partial class GraphModel
{
    private readonly Device? place;

    // Numbers without axes take part anywhere, and shapes and indices stay where they are read, so they say nothing. A network without weights runs where its inputs are.
    internal static Device? PlaceOf(GraphProgram program) => program.Constants.Values.OfType<Tensor>().FirstOrDefault(tensor => tensor.Dimensions > 0 && tensor.is_floating_point())?.device;

    private static Tensor At(Tensor tensor, Device? wanted) => wanted is null || (tensor.device_type == wanted.type && tensor.device_index == wanted.index)
        ? tensor.alias()
        : tensor.to(wanted);
}
