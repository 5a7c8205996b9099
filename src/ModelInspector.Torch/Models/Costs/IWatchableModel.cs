namespace ModelInspector.Models.Costs;

/// <summary>A network whose steps can be watched.</summary>
internal interface IWatchableModel : IModel
{
    /// <summary>Runs the network once; the outputs belong to the caller.</summary>
    Outputs Run(Inputs inputs, IWatcher watcher);
}
