using System.Text.RegularExpressions;

namespace ModelInspector.Core.Tests.Contracts;

public partial class HouseRuleTests
{
    private const int LongestFile = 600;

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["LibTorch"] = [],
        ["ModelInspector.Core"] = [],
        ["ModelInspector.Torch"] = ["ModelInspector.Core", "LibTorch"],
        ["ModelInspector.Report"] = ["ModelInspector.Core"],
        ["ModelInspector.Workbench"] = ["ModelInspector.Core", "ModelInspector.Report"],
        ["ModelInspector.Cli"] = ["ModelInspector.Core", "ModelInspector.Torch", "ModelInspector.Report", "ModelInspector.Workbench"],
    };

    [Fact]
    public void Projects_refer_to_each_other_in_one_direction()
    {
        var projects = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories);
        Assert.True(projects.Length >= 5);
        foreach (var project in projects)
            Assert.All(Reference().Matches(File.ReadAllText(project)).Select(match => match.Groups[1].Value),
                reference => Assert.Contains(reference, Allowed[Path.GetFileNameWithoutExtension(project)]));
    }

    [Fact]
    public void Core_has_no_native_package()
    {
        var packages = Package().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "ModelInspector.Core", "ModelInspector.Core.csproj")));
        Assert.Equal(["CsvHelper", "MathNet.Numerics", "System.Numerics.Tensors"], packages.Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_file_is_longer_than_its_limit() =>
        None(Sources("src").Concat(Sources("tests")).Where(file => File.ReadLines(file).Count() > LongestFile));

    // Findings are small records that are read together; they share files by subject.
    [Fact]
    public void A_file_carries_the_name_of_a_type_in_it() =>
        None(Sources("src/ModelInspector.Core").Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "Findings").Where(file => !Regex.IsMatch(
            File.ReadAllText(file), $@"\b(class|record|struct|interface|enum)\s+{Regex.Escape(Path.GetFileNameWithoutExtension(file))}(Attribute)?\b")));

    [Fact]
    public void Folder_and_namespace_are_the_same_subject() =>
        None(Sources("src/ModelInspector.Core").Where(file =>
        {
            var folder = Path.GetRelativePath(Path.Combine(Repository.Root, "src", "ModelInspector.Core"), Path.GetDirectoryName(file)!);
            var expected = folder == "." ? "ModelInspector" : "ModelInspector." + folder.Replace(Path.DirectorySeparatorChar, '.');
            return !File.ReadAllText(file).Contains($"namespace {expected};", StringComparison.Ordinal);
        }));

    [Fact]
    public void No_type_is_called_after_what_it_does_not_say() =>
        None(typeof(Catalog).Assembly.GetTypes().Select(type => type.Name).Where(name => Vague().IsMatch(name)));

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?([\w.]+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"<PackageReference Include=""([^""]+)""")]
    private static partial Regex Package();

    [GeneratedRegex("(Manager|Helper|Helpers|Utils|Util|Base|Impl|Common)$")]
    private static partial Regex Vague();

    private static void None(IEnumerable<string> found) => Assert.Empty(found);

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && !file.EndsWith(".g.cs", StringComparison.Ordinal));
}
