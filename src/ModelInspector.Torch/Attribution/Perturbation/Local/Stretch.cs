namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>Positions along one axis, the last one not included.</summary>
internal readonly record struct Stretch(long From, long To)
{
    /// <summary>How many.</summary>
    public long Length => To - From;

    /// <summary>The shortest stretch that holds both.</summary>
    public Stretch Hull(Stretch other) => new(Math.Min(From, other.From), Math.Max(To, other.To));

    /// <summary>Every axis' and every window's stretch, held together with another one's.</summary>
    public static Stretch[][] Hull(Stretch[][] one, Stretch[][] other) =>
        [.. one.Zip(other, (left, right) => left.Zip(right, (a, b) => a.Hull(b)).ToArray())];
}
