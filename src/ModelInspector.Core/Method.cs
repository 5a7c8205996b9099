namespace ModelInspector;

/// <summary>
/// Puts a sealed record into the <see cref="Catalog"/> under its command-line name.
/// The record's constructor parameters are its settings: defaults, <see cref="System.ComponentModel.DataAnnotations.RangeAttribute"/>
/// and <see cref="System.ComponentModel.DescriptionAttribute"/> on them become switches, JSON, validation and provenance.
/// </summary>
/// <param name="name">Lower-case words joined by hyphens: <c>grad-cam</c>.</param>
/// <param name="source">Where the method was published.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MethodAttribute(string name, string source) : Attribute
{
    /// <summary>Name on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>Author, venue, year, equation.</summary>
    public string Source { get; } = source;

    /// <summary>One sentence: what the method shows.</summary>
    public string Summary { get; init; } = "";
}
