using System.Collections.Immutable;
using ModelInspector.Attribution;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>How often every method of the catalog runs a network that can be cut, at its default settings, for two samples of 8 × 8: never once more than it must.</summary>
public class CallCountContracts
{
    private static readonly Calls Formula = new(Runs: 1, Samples: 2, Backwards: 1);
    private static readonly Calls LedBack = new(Recordings: 1);

    // "Both ends": the score at the input and at the baseline. 64 rows share a run, of 2 samples 32 copies.
    private static readonly Dictionary<string, Calls> Inputs = new()
    {
        ["gradient"] = Formula,
        ["saliency"] = Formula,
        ["input-times-gradient"] = Formula,
        ["deconvnet"] = Formula,
        ["guided-backprop"] = Formula,
        ["full-grad"] = Formula,
        ["guided-grad-cam"] = new(Runs: 2, Samples: 4, Backwards: 2),                                   // with the ReLUs' own derivatives, and with guided ones
        ["smooth-grad"] = new(Runs: 1, Samples: 2 * 25, Backwards: 1),                                  // 25 noisy copies
        ["integrated-gradients"] = new(Runs: 2 + 2, Samples: 2 * (2 + 64), Backwards: 2),               // both ends, 64 steps
        ["blur-integrated-gradients"] = new(Runs: 2 + 3, Samples: 2 * (2 + 65), Backwards: 3),          // both ends, 65 points
        ["guided-integrated-gradients"] = new(Runs: 2 + 100, Samples: 2 * (2 + 100), Backwards: 100),   // each step hangs on the one before
        ["expected-gradients"] = new(Runs: 1 + 4 + 4, Samples: 2 * (1 + 100 + 100), Backwards: 4),      // as it is, 100 draws, and their baselines' scores
        ["lrp"] = LedBack,
        ["deep-lift"] = new(Recordings: 2),                                                             // the input and the reference
        ["feature-ablation"] = new(Runs: 1 + 2, Samples: 2 * (1 + 64)),                                 // as it is, 64 values
        ["occlusion"] = new(Runs: 1 + 2, Samples: 2 * (1 + 64), Recordings: 1),                         // as it is, 64 windows; one to see what a window changes
        ["rise"] = new(Runs: 1 + 32, Samples: 2 * (1 + 1024)),                                          // as it is, 1024 masks
        ["lime"] = new(Runs: 1 + 32, Samples: 2 * (1 + 1024)),                                          // as it is, 1024 coalitions
        ["kernel-shap"] = new(Runs: 2 + 32, Samples: 2 * (2 + 1024)),                                   // everything, nothing, 1024 coalitions
        ["shapley"] = new(Runs: 1 + 1, Samples: 2 * (1 + 16)),                                          // as it is, 2⁴ coalitions of four quadrants
    };

    private static readonly Dictionary<string, Calls> Layers = new()
    {
        ["ablation-cam"] = new(Prefixes: 1, Suffixes: 1 + 1),                                           // as it is, six channels
        ["score-cam"] = new(Runs: 1, Samples: 2 * 6, Prefixes: 1, Suffixes: 1),                         // the scores as they are, six masked inputs
        ["feature-ablation"] = new(Prefixes: 1, Suffixes: 3),
        ["shapley"] = new(Prefixes: 1, Suffixes: 1 + 1),
        ["integrated-gradients"] = new(Backwards: 2, Prefixes: 2, Suffixes: 2 + 2),                     // both ends, 64 steps
        ["conductance"] = new(Runs: 3, Samples: 2 * 65, Backwards: 3),                                  // 65 points, all of them from the input
        ["internal-influence"] = new(Runs: 2, Samples: 2 * 64, Backwards: 2),
        ["lrp"] = LedBack,
        ["deep-lift"] = new(Recordings: 2),
        ["guided-grad-cam"] = new(Runs: 2, Samples: 4, Backwards: 2),
        ["smooth-grad"] = new(Runs: 1, Samples: 2 * 25, Backwards: 1),
    };

    public static TheoryData<string> InputMaps => CatalogContracts.InputMaps;

    public static TheoryData<string> LayerRuns => CatalogContracts.LayerRuns;

    [Theory, MemberData(nameof(InputMaps))]
    public void A_map_of_the_input_takes_as_many_runs_as_it_must(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        Catalog.Find(Catalog.Of<IAttribution>(), name).Create<IAttribution>(ImmutableDictionary<string, string>.Empty).Attribute(model, Drawn.Normal(1, 2, 1, 8, 8), new ClassTarget(1), Job.Quiet());
        Assert.Equal(Inputs[name], Calls.Of(model));
    }

    [Theory, MemberData(nameof(LayerRuns))]
    public void A_map_of_a_layer_takes_as_many_runs_as_it_must(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        Catalog.Find(Catalog.Of<ILayerAttribution>(), name).Create<ILayerAttribution>(ImmutableDictionary<string, string>.Empty)
            .Attribute(model, Drawn.Normal(1, 2, 1, 8, 8), model.Graph.Find("relu0"), new ClassTarget(1), Job.Quiet());
        Assert.Equal(Layers[name], Calls.Of(model));
    }

    private sealed record Calls(int Runs = 0, long Samples = 0, int Backwards = 0, int Prefixes = 0, int Suffixes = 0, int Recordings = 0)
    {
        public static Calls Of(Counted model) => new(model.Runs, model.Samples, model.Backwards, model.Prefixes, model.Suffixes, model.Recordings);
    }
}
