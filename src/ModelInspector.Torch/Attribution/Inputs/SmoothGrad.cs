using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>What is made of the maps of noisy copies.</summary>
public enum SmoothVariant
{
    /// <summary>Their mean: SmoothGrad.</summary>
    Mean,

    /// <summary>The mean of their squares: SmoothGrad-Squared. Without sign.</summary>
    Square,

    /// <summary>Their variance: VarGrad. Without sign.</summary>
    Variance,
}

/// <summary>SmoothGrad and its kin: any map, averaged over noisy copies of the input.</summary>
/// <remarks>
/// Formula: mean, mean square or variance over i of M(x + σ·ε_i), ε normal, σ = noise · (max x − min x) of each sample. All samples get the
/// same ε, so a batch gives what its samples give one by one. The target is what it is without noise. Result: the shape of the map that is
/// wrapped, unit: its unit, or its square. Cost: <c>samples</c> times that of the map; several copies share a run.
/// Source: Smilkov et al., SmoothGrad, 2017; squared: Hooker et al., NeurIPS 2019; variance: Adebayo et al., 2018.
/// Misleads: it smooths the map, not the network: what looks clean is an average over inputs that are not the one looked at.
/// </remarks>
[Method("smooth-grad", "Smilkov et al., SmoothGrad: removing noise by adding noise, 2017; variants: Hooker et al., NeurIPS 2019, Adebayo et al., 2018",
    Summary = "Any map, averaged over noisy copies of the input.")]
public sealed record SmoothGrad(
    [Description("noisy copies"), Range(1, 100_000)] int Samples = 25,
    [Description("standard deviation of the noise as a share of the sample's range"), Range(0.0, 10.0)] double Noise = 0.15,
    [Description("what is made of the maps: SmoothGrad, SquareGrad or VarGrad")] SmoothVariant Variant = SmoothVariant.Mean,
    [Description("the map that is averaged: any method of the input, or with a layer any of a layer, with its own defaults")] string Of = "gradient")
    : IAttribution, ILayerAttribution, IRate
{
    /// <inheritdoc/>
    public bool IsRate => Catalog.Find([.. Catalog.Of<IAttribution>(), .. Catalog.Of<ILayerMap>(), .. Catalog.Of<ILayerAttribution>()], Of).Create<object>(ImmutableDictionary<string, string>.Empty) is IRate { IsRate: true };

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        var map = Catalog.Find(Catalog.Of<IAttribution>(), Of).Create<IAttribution>(ImmutableDictionary<string, string>.Empty);
        return Over(model, batch, target, job, (copies, known) => map.Attribute(model, copies, known, Job.Quiet(job.Seed)));
    }

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        var map = AtLayer(Of, layer, job.Seed);
        return Over(model, batch, target, job, (copies, known) => map(model, copies, known));
    }

    private static Func<IDifferentiableModel, Tensor, Target, Tensor> AtLayer(string name, Layer layer, ulong seed)
    {
        if (name == "gradient") return (model, batch, target) => LayerGradients.Of(model, batch, [layer], target)[0].Gradient;
        var found = Catalog.Find([.. Catalog.Of<ILayerMap>(), .. Catalog.Of<ILayerAttribution>()], name).Create<object>(ImmutableDictionary<string, string>.Empty);
        if (found is ILayerAttribution runs) return (model, batch, target) => runs.Attribute(model, batch, layer, target, Job.Quiet(seed));
        return (model, batch, target) => LayerGradients.Of(model, batch, [layer], target)[0].Drawn((ILayerMap)found, TokenGrid.Of(model.Graph));
    }

    private Tensor Over(IDifferentiableModel model, Tensor batch, Target target, Job job, Func<Tensor, Target, Tensor> map)
    {
        using var scope = NewDisposeScope();
        var (known, some) = (Unchanged.Fixed(model, batch, target), Line.Copies(model, batch));
        Tensor? sum = null, squares = null;
        for (var first = 0; first < Samples; first += some)
        {
            job.Report("noisy copies", first, Samples);
            using var inner = NewDisposeScope();
            var copies = Math.Min(some, Samples - first);
            var maps = Line.Rowed(map(Noisy(batch, job.Seed, first, copies), known.Repeated(copies)), copies).to(ScalarType.Float64);
            sum = (sum is null ? maps.sum(1) : sum + maps.sum(1)).MoveToOuterDisposeScope();
            squares = (squares is null ? maps.square().sum(1) : squares + maps.square().sum(1)).MoveToOuterDisposeScope();
        }
        job.Report("noisy copies", Samples, Samples);
        return Made(sum! / Samples, squares! / Samples).to(batch.dtype).MoveToOuterDisposeScope();
    }

    private Tensor Made(Tensor mean, Tensor square) => Variant switch
    {
        SmoothVariant.Square => square,
        SmoothVariant.Variance => (square - mean.square()).clamp(min: 0),
        _ => mean,
    };

    /// <summary>(samples · copies, …).</summary>
    private Tensor Noisy(Tensor batch, ulong seed, int first, int copies)
    {
        long[] ones = [.. Enumerable.Repeat(1L, (int)batch.Dimensions - 1)];
        var noise = Noises(batch, seed, first, copies);
        var each = batch.flatten(1);
        var deviation = (each.amax([1]) - each.amin([1])).mul(Noise).reshape([batch.shape[0], 1, .. ones]);
        return (batch.unsqueeze(1) + (deviation * noise)).flatten(0, 1);
    }

    /// <summary>Standard normal noise, the same for every sample: (1, copies, …).</summary>
    internal static Tensor Noises(Tensor batch, ulong seed, int first, int copies) =>
        stack([.. Enumerable.Range(first, copies).Select(copy => Normal(batch, new Randomness(seed, (ulong)copy)))], 0).unsqueeze(0);

    private static Tensor Normal(Tensor batch, Randomness source)
    {
        var values = new float[batch.shape.Skip(1).Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)source.Normal((ulong)i);
        return tensor(values, dtype: batch.dtype, device: batch.device).reshape(batch.shape[1..]);
    }
}
