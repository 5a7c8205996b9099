using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>What every attribution of the catalog promises.</summary>
public class CatalogContracts
{
    private static readonly ImmutableDictionary<string, string> Defaults = ImmutableDictionary<string, string>.Empty;

    public static TheoryData<string> LayerMaps => [.. Catalog.Of<ILayerMap>().Select(entry => entry.Name)];

    public static TheoryData<string> InputMaps => [.. Catalog.Of<IAttribution>().Select(entry => entry.Name)];

    /// <summary>All but those that refuse networks of another kind than theirs; CAM and attention rollout have tests of their own.</summary>
    public static TheoryData<string> LayerRuns => [.. Catalog.Of<ILayerAttribution>().Select(entry => entry.Name).Where(name => name is not ("cam" or "attention-rollout"))];

    [Theory, MemberData(nameof(LayerMaps))]
    public void A_layer_map_is_finite_has_the_layers_positions_and_repeats_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Input(4);
        var first = AtLayer(name, model, x);
        Assert.Equal([4, 8, 8], [first.shape[0], .. first.shape[^2..]]);
        Assert.True(first.isfinite().all().item<bool>());
        Assert.True(first.equal(AtLayer(name, model, x)).all().item<bool>());
    }

    [Theory, MemberData(nameof(LayerMaps))]
    public void A_layer_map_of_a_batch_equals_the_maps_one_by_one(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Input(3);
        var together = AtLayer(name, model, x);
        var apart = cat([.. Enumerable.Range(0, 3).Select(i => AtLayer(name, model, x[i].unsqueeze(0)))], 0);
        Assert.True(together.allclose(apart, 1e-5, 1e-6));
    }

    [Fact]
    public void Layer_maps_drawn_together_are_those_drawn_alone_to_the_bit()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        List<ILayerMap> maps = [.. Catalog.Of<ILayerMap>().Concat(Catalog.Of<ILayerMap>()).Select(entry => entry.Create<ILayerMap>(Defaults))];
        foreach (var pair in LayerGradients.Of(model, Input(3), [model.Graph.Find("conv0"), model.Graph.Find("relu1")], new ClassTarget(1)))
            foreach (var (map, drawn) in maps.Zip(pair.Drawn(maps, null)))
                Assert.True(drawn.equal(map.Map(pair.Activation, pair.Gradient)).all().item<bool>(), $"{map}");
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void An_input_map_has_the_inputs_shape_is_finite_and_repeats_to_the_bit(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Input(2);
        var first = AtInput(name, model, x);
        Assert.Equal(x.shape, first.shape);
        Assert.True(first.isfinite().all().item<bool>());
        Assert.True(first.equal(AtInput(name, model, x)).all().item<bool>());
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void An_input_map_of_a_batch_equals_the_maps_one_by_one(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Input(3);
        var together = AtInput(name, model, x);
        var apart = cat([.. Enumerable.Range(0, 3).Select(i => AtInput(name, model, x[i].unsqueeze(0)))], 0);
        Assert.True(together.allclose(apart, 1e-5, 1e-5 * together.abs().max().item<float>()));
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void An_input_map_of_a_volume_has_its_shape_and_is_finite(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled(axes: 3);
        var x = Drawn.Normal(1, [1, 2, 8, 12, 12]);
        var map = AtInput(name, model, x);
        Assert.Equal(x.shape, map.shape);
        Assert.True(map.isfinite().all().item<bool>());
    }

    [Theory, MemberData(nameof(LayerMaps))]
    public void Nothing_is_left_alive_after_a_layer_map(string name)
    {
        using var model = Toys.PooledHead();
        Leaks.None(() => AtLayer(name, model, Input(2)));
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void Nothing_is_left_alive_after_an_input_map(string name)
    {
        using var model = Toys.PooledHead();
        Leaks.None(() => AtInput(name, model, Input(2)));
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void An_input_map_leaves_the_network_as_it_was(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Input(2);
        var before = model.Run(x).First;
        AtInput(name, model, x);
        Assert.True(before.equal(model.Run(x).First).all().item<bool>());
    }

    [Theory, MemberData(nameof(LayerRuns))]
    public void An_attribution_of_a_layer_is_finite_repeats_to_the_bit_and_treats_samples_one_by_one(string name)
    {
        using var scope = NewDisposeScope();
        var (opened, layer, x) = Ground(name, 3);
        using var model = opened;
        var first = AtLayerByRuns(name, model, layer, x);
        Assert.Equal(3, first.shape[0]);
        Assert.True(first.isfinite().all().item<bool>());
        Assert.True(first.equal(AtLayerByRuns(name, model, layer, x)).all().item<bool>());
        Near.Equal(Floats(cat([.. Enumerable.Range(0, 3).Select(i => AtLayerByRuns(name, model, layer, x[i].unsqueeze(0)))], 0)), first, 1e-5);
    }

    [Theory, MemberData(nameof(LayerRuns))]
    public void Nothing_is_left_alive_after_an_attribution_of_a_layer(string name)
    {
        var (opened, layer, x) = Ground(name, 2);
        using var model = opened;
        Leaks.None(() => AtLayerByRuns(name, model, layer, x));
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void A_cancelled_job_stops_a_map_that_takes_many_runs(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var map = Catalog.Find(Catalog.Of<IAttribution>(), name).Create<IAttribution>(Defaults);
        try
        {
            map.Attribute(model, Input(2), new ClassTarget(1), new Job(0, new Progress<Step>(), cancel.Token));
        }
        catch (OperationCanceledException)
        {
        }
        Assert.InRange(model.Runs, 0, 3);
    }

    [Fact]
    public void Every_entry_says_what_it_shows_and_where_it_was_published() =>
        Assert.All([.. Catalog.Of<ILayerMap>(), .. Catalog.Of<ILayerAttribution>(), .. Catalog.Of<IAttribution>()], entry => Assert.True(entry.Summary.Length > 10 && entry.Source.Length > 5));

    private static Tensor Input(int samples) => Drawn.Normal(2, samples, 1, 8, 8);

    private static Tensor AtLayer(string name, IDifferentiableModel model, Tensor x)
    {
        var pair = LayerGradients.Of(model, x, [model.Graph.Find("relu0")], new ClassTarget(1))[0];
        return Catalog.Find(Catalog.Of<ILayerMap>(), name).Create<ILayerMap>(Defaults).Map(pair.Activation, pair.Gradient);
    }

    // Some methods are for one kind of network, or for one layer of it.
    private static (IDifferentiableModel Model, Layer Layer, Tensor X) Ground(string name, int samples)
    {
        var (model, layer, x) = name switch
        {
            "cam" => (Nets.Pooled(), "Relu", Drawn.Normal(3, samples, 2, 12, 12)),
            "attention-rollout" => (Nets.Tokens(), "Add", Drawn.Normal(4, samples, 2, 12, 12)),
            _ => (Toys.PooledHead(), "Conv", Drawn.Normal(5, samples, 1, 8, 8)),
        };
        return (model, model.Graph.Layers.Last(found => found.Op == layer), x.DetachFromDisposeScope());
    }

    private static Tensor AtLayerByRuns(string name, IDifferentiableModel model, Layer layer, Tensor x) =>
        Catalog.Find(Catalog.Of<ILayerAttribution>(), name).Create<ILayerAttribution>(Defaults).Attribute(model, x, layer, new ClassTarget(1), Job.Quiet());

    private static Tensor AtInput(string name, IDifferentiableModel model, Tensor x) =>
        Catalog.Find(Catalog.Of<IAttribution>(), name).Create<IAttribution>(Defaults).Attribute(model, x, new ClassTarget(1), Job.Quiet());
}
