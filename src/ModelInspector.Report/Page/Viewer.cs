using System.Reflection;

namespace ModelInspector.Report.Page;

/// <summary>The built viewer, embedded as resources: one classic script and one style sheet.</summary>
internal static class Viewer
{
    /// <summary>The script, free of text that would end or confuse the element it stands in.</summary>
    public static string Script { get; } = Resource("viewer.js").Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase).Replace("<!--", "<\\!--", StringComparison.Ordinal);

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = Resource("viewer.css");

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
