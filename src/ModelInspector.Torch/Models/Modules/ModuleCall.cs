using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>One call of a module in a run.</summary>
/// <param name="Module">The module.</param>
/// <param name="Name">Its path, numbered from the second call on.</param>
/// <param name="IsFirst">Whether it is the module's first in the run.</param>
internal sealed record ModuleCall(nn.Module<Tensor, Tensor> Module, string Name, bool IsFirst)
{
    private readonly long began = Stopwatch.GetTimestamp();
    private TimeSpan inside;

    /// <summary>Takes out the time of a call inside.</summary>
    public void Contains(ModuleCall inner) => inside += inner.Elapsed;

    /// <summary>Time since it began.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Time of its own work, calls inside left out.</summary>
    public TimeSpan Own => Elapsed - inside;

    /// <summary>It has ended.</summary>
    public ModuleCall Ended()
    {
        Elapsed = Stopwatch.GetElapsedTime(began);
        return this;
    }
}

/// <summary>Sees a call that has ended; what it returns replaces the output, null leaves it.</summary>
internal delegate Tensor? Ended(ModuleCall call, Tensor input, Tensor output);
