using System.Reflection;
using System.Text;

namespace ModelInspector.Cli.Tests;

/// <summary>The public API is written down in docs/api: a change to it is a change to those files, seen in review.</summary>
public class PublicApiTests
{
    [Theory]
    [InlineData(typeof(ModelInspector.Job))]
    [InlineData(typeof(ModelInspector.Models.Model))]
    [InlineData(typeof(ModelInspector.Report.ReportWriter))]
    public void The_public_api_is_the_one_that_is_written_down(Type anyType)
    {
        var (name, actual) = (anyType.Assembly.GetName().Name!, Describe(anyType.Assembly));
        var file = Repository.Path("docs", "api", name + ".txt");
        if (Environment.GetEnvironmentVariable("WRITE_API") == "1") File.WriteAllText(file, actual);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == actual,
            $"The public API of {name} is not the one in docs/api/{name}.txt. If the change is meant: WRITE_API=1 dotnet test tests/ModelInspector.Cli.Tests -c Release, and read the difference.");
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Name(type)).Append('\n');
            foreach (var member in Members(type)) text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type) => type
        .GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => !IsGenerated(type, member))
        .Select(Line)
        .Order(StringComparer.Ordinal);

    private static bool IsGenerated(Type type, MemberInfo member) =>
        member is MethodInfo { IsSpecialName: true } or Type
        || member.Name.StartsWith('<')
        || (type.GetMethod("<Clone>$") is not null && member.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "EqualityContract" or "op_Equality" or "op_Inequality")
        || (type.IsEnum && member.Name == "value__");

    private static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name} {{ {(property.CanRead ? "get; " : "")}{(property.SetMethod is { IsPublic: true } ? "set; " : "")}}}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        _ => member.ToString()!,
    };

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = …" : "")}"));

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? "<" + string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name)) + ">" : "";

    private static string Name(Type type)
    {
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (!type.IsGenericType) return type.IsGenericParameter || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true ? type.Name : type.FullName ?? type.Name;
        var name = type.Name.Split('`')[0];
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
