namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// Values that are cut to the same part of their positions, because an element-wise step joins them: what is needed of them, and, once
/// everything is known, where each window's cut lies. Cuts start at multiples of the strides that follow, so that a convolution of
/// the cut gives a part of the convolution of the whole.
/// </summary>
internal sealed class Region
{
    // Beyond this share of a layer, cutting and pasting cost more than they save.
    private const double Most = 0.9;

    private readonly Stretch[][] needed;
    private readonly long[] steps;
    private Region? joined;

    /// <param name="size">Positions along each axis.</param>
    /// <param name="changed">What each window changes, by axis.</param>
    public Region(long[] size, Stretch[][] changed) => (Size, needed, steps) = (size, [.. changed], [.. size.Select(_ => 1L)]);

    /// <summary>Positions along each axis.</summary>
    public long[] Size { get; }

    /// <summary>Length of the cuts along each axis.</summary>
    public long[] Length { get; private set; } = [];

    /// <summary>Distance of possible starts along each axis.</summary>
    public long[] Steps => Root.steps;

    /// <summary>Number of the start of each window's cut, by axis.</summary>
    public long[][] Starts { get; private set; } = [];

    /// <summary>Whether nothing is cut.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The region that this one has become a part of.</summary>
    public Region Root => joined?.Root ?? this;

    /// <summary>Share of the positions that a cut holds.</summary>
    public double Share => IsWhole ? 1 : Length.Zip(Size, (length, size) => length / (double)size).Aggregate(1.0, (a, b) => a * b);

    public void Whole() => Root.IsWhole = true;

    /// <summary>Makes both one region.</summary>
    public Region Join(Region other)
    {
        var (root, its) = (Root, other.Root);
        if (ReferenceEquals(root, its)) return root;
        for (var axis = 0; axis < Size.Length; axis++) root.Need(axis, its.needed[axis], its.steps[axis]);
        root.IsWhole |= its.IsWhole;
        return its.joined = root;
    }

    /// <summary>Notes what a step reads along an axis, and the distance of its starts.</summary>
    public void Need(int axis, Stretch[] read, long step)
    {
        var root = Root;
        root.needed[axis] = [.. root.needed[axis].Zip(read, (a, b) => a.Hull(b))];
        root.steps[axis] = root.steps[axis] / Gcd(root.steps[axis], step) * step;
    }

    /// <summary>Settles where each window is cut.</summary>
    public void Settle()
    {
        (Length, Starts) = ([.. Size], [.. needed.Select(axis => new long[axis.Length])]);
        if (IsWhole) return;
        for (var axis = 0; axis < Size.Length; axis++)
        {
            var (step, size) = (steps[axis], Size[axis]);
            var length = needed[axis].Max(stretch => stretch.To - (stretch.From / step * step));
            var last = Math.Max(0, (size - length) / step);
            Length[axis] = size - (last * step);
            Starts[axis] = [.. needed[axis].Select(stretch => Math.Min(stretch.From / step, last))];
        }
        if (Share <= Most) return;
        (Length, Starts, IsWhole) = ([.. Size], [.. needed.Select(axis => new long[axis.Length])], true);
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
