using System.Collections.Immutable;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>
/// Replaces a region of an input by a class-neutral fill, the mean over classes of each class's mean input at those positions, so that what is put in
/// tells nothing about the class; and sees whether the decision changes. Positions inside a sample's mask are never touched.
/// </summary>
/// <param name="Model">The network.</param>
/// <param name="Fill">(C, H, W).</param>
internal sealed record Intervention(IModel Model, NdArray Fill)
{
    /// <summary>Whether each sample's decision changes.</summary>
    /// <param name="batch">(n, C, H, W).</param>
    /// <param name="decided">What the network decides for the batch as it is.</param>
    /// <param name="masks">Each sample's mask, or null.</param>
    /// <param name="regions">The region to replace in each sample.</param>
    public bool[] Flips(Tensor batch, Tensor decided, IReadOnlyList<NdArray?> masks, IReadOnlyList<Region> regions)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var (changed, fill) = (batch.clone(), Capture.Batches.ToTensor(Fill));
        for (var i = 0; i < regions.Count; i++) Replace(changed[i], fill, masks[i], regions[i]);
        return Decision(changed).ne(decided).cpu().data<bool>().ToArray();
    }

    /// <summary>The class decided for in each sample.</summary>
    public Tensor Decision(Tensor batch)
    {
        using var quiet = no_grad();
        return Scores.Of(Model, batch).argmax(1);
    }

    private static void Replace(Tensor sample, Tensor fill, NdArray? mask, Region region)
    {
        var target = Window(sample, region);
        var put = Window(fill, region);
        target.copy_(mask is null ? put : put.where(Window(Capture.Batches.ToTensor(mask).unsqueeze(0), region) == 0, target.clone()));
    }

    private static Tensor Window(Tensor frame, Region region) => frame.narrow(1, region.Top, region.Height).narrow(2, region.Left, region.Width);
}
