using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace ModelInspector.Cli.Terminal;

/// <summary>What the documentation of a type says beyond its summary, read from the XML file beside its library.</summary>
internal static class Remarks
{
    private const int Width = 100;

    /// <summary>The remarks of a type in lines of at most 100 characters; none when there is no documentation.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        var file = Path.ChangeExtension(type.Assembly.Location, ".xml");
        var member = File.Exists(file) ? Members(file).FirstOrDefault(member => (string?)member.Attribute("name") == $"T:{type.FullName}") : null;
        return member?.Element("remarks") is { } remarks ? Text(remarks).Split('\n').SelectMany(line => Screen.Wrapped(line, Width)) : [];
    }

    // A damaged file costs the remarks, not the command.
    private static IEnumerable<XElement> Members(string file)
    {
        try
        {
            return XDocument.Load(file).Descendants("member");
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Text(XElement remarks)
    {
        var text = new StringBuilder();
        foreach (var node in remarks.DescendantNodes())
            text.Append(node switch { XText words => words.Value, XElement { HasElements: false, IsEmpty: true } link => Named(link), _ => "" });
        return Joined(text.ToString());
    }

    private static string Named(XElement link)
    {
        var name = (string?)link.Attribute("cref") ?? (string?)link.Attribute("name") ?? (string?)link.Attribute("langword") ?? "";
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..];
    }

    // A line that ends a sentence stays a line; others are of one sentence.
    private static string Joined(string text)
    {
        var joined = new StringBuilder();
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0))
            joined.Append(line).Append(line[^1] is '.' or ':' ? '\n' : ' ');
        return joined.ToString().TrimEnd();
    }
}
