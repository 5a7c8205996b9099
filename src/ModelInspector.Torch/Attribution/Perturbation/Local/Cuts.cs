using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>Cuts positions out of whole values, and pastes what a window has changed.</summary>
internal static class Cuts
{
    /// <summary>Each window's cut of one sample's values: (windows, channels, cut positions…).</summary>
    /// <param name="whole">(1, channels, positions…).</param>
    /// <param name="region">Where the cuts lie.</param>
    /// <param name="at">Each window's place along each axis.</param>
    public static Tensor Of(Tensor whole, Region region, int[][] at)
    {
        if (region.IsWhole) return whole.expand([at[0].Length, .. whole.shape[1..]]).clone();
        var view = whole[0];
        var axes = region.Size.Length;
        for (var axis = 0; axis < axes; axis++) view = view.unfold(axis + 1, region.Length[axis], region.Steps[axis]);      // (C, starts…, cut…)
        long[] order = [.. Enumerable.Range(1, axes).Append(0).Concat(Enumerable.Range(axes + 1, axes)).Select(axis => (long)axis)];
        return view.permute(order).index([.. at.Select((places, axis) => tensor(places.Select(place => region.Starts[axis][place]).ToArray(), device: whole.device))]);
    }

    /// <summary>Does something to each window's changed part: windows that lie alike are done together.</summary>
    /// <param name="at">Each window's place along each axis.</param>
    /// <param name="part">Along an axis, for a place: where the part starts in the cut, where it starts in what is pasted, and its length.</param>
    /// <param name="work">Receives the windows' numbers and the part along each axis.</param>
    public static void Each(int[][] at, Func<int, int, (long To, long From, long Length)> part, Action<int[], (long To, long From, long Length)[]> work)
    {
        (long, long, long)[][] parts = [.. at.Select((places, axis) => places.Select(place => part(axis, place)).ToArray())];
        foreach (var alike in Enumerable.Range(0, at[0].Length).GroupBy(window => string.Join(';', parts.Select(axis => axis[window]))))
            work([.. alike], [.. parts.Select(axis => axis[alike.First()])]);
    }

    /// <summary>A part of some windows' values; a view where the windows follow each other.</summary>
    public static void Paste(Tensor into, Tensor? from, double fill, int[] windows, (long To, long From, long Length)[] part)
    {
        var (target, source) = (into, from);
        for (var axis = 0; axis < part.Length; axis++)
        {
            target = target.narrow(axis + 2, part[axis].To, part[axis].Length);
            source = source?.narrow(axis + 2, part[axis].From, part[axis].Length);
        }
        if (windows[^1] - windows[0] == windows.Length - 1)
        {
            var run = target.narrow(0, windows[0], windows.Length);
            if (source is null) run.fill_(fill);
            else run.copy_(source.narrow(0, windows[0], windows.Length));
            return;
        }
        var index = tensor(windows.Select(window => (long)window).ToArray(), device: into.device);
        if (source is null) target.index_put_(full([1], fill, into.dtype, into.device), [index]);
        else target.index_put_(source.index_select(0, index), [index]);
    }
}
