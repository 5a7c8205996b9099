using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>Cuts positions out of whole values, and pastes what a window has changed.</summary>
internal static class Cuts
{
    /// <summary>Each window's cut of one sample's values: (windows, channels, cut positions…).</summary>
    /// <param name="whole">(1, channels, positions…).</param>
    /// <param name="cut">Where the cuts lie.</param>
    /// <param name="at">Each window's place along each axis.</param>
    public static Tensor Of(Tensor whole, Extent cut, int[][] at)
    {
        var (view, axes) = (whole[0], at.Length);
        for (var axis = 0; axis < axes; axis++) view = view.unfold(axis + 1, cut.Length[axis], 1);      // (C, starts…, cut…)
        long[] order = [.. Enumerable.Range(1, axes).Append(0).Concat(Enumerable.Range(axes + 1, axes)).Select(axis => (long)axis)];
        return view.permute(order).index([.. at.Select((places, axis) => tensor(places.Select(place => cut.Starts[axis][place]).ToArray(), device: whole.device))]);
    }

    /// <summary>Lays each window's patch over its cut, as far as it reaches.</summary>
    /// <param name="into">(windows, channels, cut positions…).</param>
    /// <param name="cut">Where the cuts lie.</param>
    /// <param name="patch">What is laid over them.</param>
    /// <param name="before">Positions along each axis that the cuts' positions count from before the patch's.</param>
    /// <param name="at">Each window's place along each axis.</param>
    public static void Paste(Tensor into, Extent cut, Patch patch, long[] before, int[][] at) => Each(at, (axis, place) =>
    {
        var offset = patch.At.Starts[axis][place] + before[axis] - cut.Starts[axis][place];
        var from = Math.Max(0, offset);
        return (from, from - offset, Math.Min(cut.Length[axis], offset + patch.At.Length[axis]) - from);
    }, (windows, part) => Paste(into, patch.Values, 0, windows, part));

    /// <summary>Fills a part of each window's cut.</summary>
    /// <param name="into">(windows, channels, cut positions…).</param>
    /// <param name="cut">Where the cuts lie.</param>
    /// <param name="filled">By axis and place: what is filled.</param>
    /// <param name="value">With what.</param>
    /// <param name="at">Each window's place along each axis.</param>
    public static void Fill(Tensor into, Extent cut, Func<int, int, Stretch> filled, double value, int[][] at) =>
        Each(at, (axis, place) => (filled(axis, place).From - cut.Starts[axis][place], 0, filled(axis, place).Length), (windows, part) => Paste(into, null, value, windows, part));

    // Windows whose part lies alike are done together.
    private static void Each(int[][] at, Func<int, int, (long To, long From, long Length)> part, Action<int[], (long To, long From, long Length)[]> work)
    {
        (long To, long From, long Length)[][] parts = [.. at.Select((places, axis) => places.Select(place => part(axis, place)).ToArray())];
        foreach (var alike in Enumerable.Range(0, at[0].Length).GroupBy(window => string.Join(';', parts.Select(axis => axis[window]))))
            if (parts.All(axis => axis[alike.First()].Length > 0)) work([.. alike], [.. parts.Select(axis => axis[alike.First()])]);
    }

    // A view where the windows follow each other.
    private static void Paste(Tensor into, Tensor? from, double fill, int[] windows, (long To, long From, long Length)[] part)
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
