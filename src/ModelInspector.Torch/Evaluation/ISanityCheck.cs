using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Findings;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>Asks whether maps depend on what they claim to show. Implementations are sealed records of their parameters.</summary>
public interface ISanityCheck
{
    /// <summary>Refuses a network that the check cannot be made on, before anything is computed.</summary>
    /// <param name="model">The network.</param>
    /// <param name="scores">What it gives for a sample, before soft-max.</param>
    /// <exception cref="InputException">The check cannot be made.</exception>
    void Require(IDifferentiableModel model, Tensor scores);

    /// <summary>Makes the check on a batch of samples.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …): a few dozen samples suffice.</param>
    /// <param name="plan">Which maps, at which layers.</param>
    /// <param name="target">What is explained; a predicted class stays the one that the unchanged network predicts.</param>
    /// <param name="units">Name of each sample's unit, such as its patient; empty: each sample is its own.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    Finding Check(IDifferentiableModel model, Tensor batch, MapPlan plan, Target target, ImmutableArray<string> units, Job job);
}
