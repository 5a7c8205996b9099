namespace ModelInspector.Models;

/// <summary>A network that can be told on which layers a tap looks, and may then compute the others in a shorter way.</summary>
internal interface ISelectiveModel : IModel
{
    /// <summary>Runs the network once with a tap on some layers.</summary>
    /// <param name="inputs">One tensor for each input of the graph.</param>
    /// <param name="tap">Sees the chosen layers, and may replace what they give.</param>
    /// <param name="layers">Names of the chosen layers. What they give is computed as in a run with a tap on all, to within rounding.</param>
    Outputs Run(Inputs inputs, Tap tap, IReadOnlySet<string> layers);
}

/// <summary>Runs of any network with a tap on some layers.</summary>
internal static class SelectiveRuns
{
    /// <summary>Runs the network once; the tap sees the chosen layers alone.</summary>
    /// <param name="model">Any network.</param>
    /// <param name="inputs">One tensor for each input of the graph.</param>
    /// <param name="tap">Sees the chosen layers, and may replace what they give.</param>
    /// <param name="layers">Names of the chosen layers.</param>
    public static Outputs RunTapped(this IModel model, Inputs inputs, Tap tap, IReadOnlySet<string> layers) =>
        model is ISelectiveModel selective ? selective.Run(inputs, tap, layers) : model.Run(inputs, Only(layers, tap));

    /// <summary>A tap that sees the chosen layers alone.</summary>
    public static Tap Only(IReadOnlySet<string> layers, Tap tap) =>
        (layer, inputs, output) => layers.Contains(layer.Name) ? tap(layer, inputs, output) : null;
}
