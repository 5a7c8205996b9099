using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public abstract partial class Optimizer
        {
            /// <summary>An optimizer's options, group by group, and what it remembers of each parameter, in the parameters' order.</summary>
            public sealed class StateDictionary
            {
                internal StateDictionary(string optimizer) => Optimizer = optimizer;

                internal string Optimizer { get; }
                internal List<(double Rate, double InitialRate, double[] Numbers)> Groups { get; } = [];
                internal List<OptimizerState> States { get; } = [];
            }
        }
    }
}
