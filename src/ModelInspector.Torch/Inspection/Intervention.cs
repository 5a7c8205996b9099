using ModelInspector.Datasets;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>
/// Changes a region of an input and sees whether the decision changes. Either it is replaced by a class-neutral fill, the mean over classes of each
/// class's mean input at those positions, so that what is put in tells nothing about the class; or it is taken from another image.
/// Positions inside a sample's mask are never touched.
/// </summary>
/// <param name="Model">The network.</param>
/// <param name="Fill">(C, H, W).</param>
/// <param name="Step">Of a network that gives one number: how far it must move to count as changed; null where it decides for a class.</param>
internal sealed record Intervention(IModel Model, NdArray Fill, double? Step = null)
{
    /// <summary>Whether each sample's decision changes when its region is filled.</summary>
    /// <param name="batch">(n, C, H, W).</param>
    /// <param name="decided">What the network decides for the batch as it is.</param>
    /// <param name="masks">Each sample's mask, or null.</param>
    /// <param name="regions">The region to replace in each sample.</param>
    public bool[] Flips(Tensor batch, Tensor decided, IReadOnlyList<NdArray?> masks, IReadOnlyList<Region> regions)
    {
        using var scope = NewDisposeScope();
        var fill = Capture.Batches.ToTensor(Fill);
        return Flips(batch, decided, (sample, i) => Put(sample, fill, regions[i], masks[i]));
    }

    /// <summary>Whether each sample's decision changes when its region is taken from another image. Positions inside the mask of either stay as they are.</summary>
    /// <param name="batch">(n, C, H, W).</param>
    /// <param name="decided">What the network decides for the batch as it is.</param>
    /// <param name="masks">Each sample's mask, or null.</param>
    /// <param name="regions">The region to take from the donor, in each sample.</param>
    /// <param name="donors">A donor for each sample.</param>
    public bool[] Exchanged(Tensor batch, Tensor decided, IReadOnlyList<NdArray?> masks, IReadOnlyList<Region> regions, IReadOnlyList<LoadedSample> donors)
    {
        using var scope = NewDisposeScope();
        return Flips(batch, decided, (sample, i) => Put(sample, Capture.Batches.ToTensor(donors[i].Input), regions[i], masks[i], donors[i].Mask));
    }

    /// <summary>The class decided for in each sample, or the number given.</summary>
    public Tensor Decision(Tensor batch)
    {
        using var quiet = no_grad();
        var scores = Scores.Of(Model, batch); // (n, classes)
        return Step is null ? scores.argmax(1) : scores[.., 0];
    }

    private bool[] Flips(Tensor batch, Tensor decided, Action<Tensor, int> change)
    {
        using var quiet = no_grad();
        var changed = batch.clone();
        for (var i = 0; i < batch.shape[0]; i++) change(changed[i], i);
        return (Step is { } step ? (Decision(changed) - decided).abs() >= step : Decision(changed).ne(decided)).cpu().data<bool>().ToArray();
    }

    private static void Put(Tensor sample, Tensor source, Region region, params NdArray?[] masks)
    {
        var (target, put) = (Window(sample, region), Window(source, region));
        foreach (var mask in masks.OfType<NdArray>()) put = put.where(Window(Capture.Batches.ToTensor(mask).unsqueeze(0), region) == 0, target);
        target.copy_(put);
    }

    private static Tensor Window(Tensor frame, Region region) => frame.narrow(1, region.Top, region.Height).narrow(2, region.Left, region.Width);
}
