namespace ModelInspector.Datasets.Phantom;

/// <summary>A part of the slice plane, in millimetres from the patient's axis: x to the image's right, y to the back.</summary>
/// <param name="Left">Nothing of the region lies left of this x.</param>
/// <param name="Top">Nothing of the region lies above this y.</param>
/// <param name="Right">Nothing of the region lies right of this x.</param>
/// <param name="Bottom">Nothing of the region lies below this y.</param>
/// <param name="Inside">Whether a point within the bounds belongs to it.</param>
internal sealed record Region(double Left, double Top, double Right, double Bottom, Func<double, double, bool> Inside)
{
    public bool Contains(double x, double y) => x >= Left && x <= Right && y >= Top && y <= Bottom && Inside(x, y);

    public Region And(Region other) => this with { Inside = (x, y) => Inside(x, y) && other.Contains(x, y) };

    public Region Except(Region other) => this with { Inside = (x, y) => Inside(x, y) && !other.Contains(x, y) };

    public Region Or(Region other) => new(
        Math.Min(Left, other.Left), Math.Min(Top, other.Top), Math.Max(Right, other.Right), Math.Max(Bottom, other.Bottom),
        (x, y) => Contains(x, y) || other.Contains(x, y));

    /// <summary>The part below a horizontal line: where fluid settles when the patient lies on the back.</summary>
    public Region Below(double line) => this with { Top = Math.Max(Top, line) };

    /// <summary>The part above a horizontal line.</summary>
    public Region Above(double line) => this with { Bottom = Math.Min(Bottom, line) };
}
