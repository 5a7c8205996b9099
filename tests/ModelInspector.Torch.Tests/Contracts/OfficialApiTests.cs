using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using ModelInspector.Models;
using TorchSharp;

namespace ModelInspector.Torch.Tests.Contracts;

/// <summary>What is written against TorchSharp uses nothing that the official package lacks, but in the places that are allowed to.</summary>
public partial class OfficialApiTests
{
    /// <summary>The seams: they call the native bridge, and so need handles and what lies below.</summary>
    private static readonly string[] Seams = ["ModelInspector.Models.TorchScript", "ModelInspector.Images", "ModelInspector.NativeSeam"];

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [SkippableFact]
    public void Every_member_of_TorchSharp_that_is_used_is_one_that_the_official_package_has()
    {
        var listed = Listed(Path.Combine(Shared.Folder("reference"), "torchsharp_api.md"));
        var used = Used(typeof(IModel).Assembly).ToHashSet();
        Assert.True(used.Count > 150, $"Only {used.Count} members were found: the reading of method bodies is broken.");
        Assert.Empty(used.Where(member => !IsListed(member, listed)).Select(member => $"{member.Type.FullName}.{member.Name}").Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void A_member_that_the_official_package_lacks_would_be_found()
    {
        var listed = Listed(Path.Combine(Shared.Folder("reference"), "torchsharp_api.md"));
        Assert.True(IsListed((typeof(torch.Tensor), "reshape"), listed));
        Assert.False(IsListed((typeof(torch.Tensor), "UnsafeCreateTensor"), listed));
        Assert.False(IsListed((typeof(TorchSharp.Native.Dispatcher), "Call"), listed));
    }

    // A member counts where its name stands in the part about its type or one that it inherits from; types without a part may be named anywhere.
    private static bool IsListed((Type Type, string Name) member, Dictionary<string, HashSet<string>> listed)
    {
        if (member.Type.Namespace == "TorchSharp.Native") return false;
        var parts = Inherited(member.Type).Select(type => listed.GetValueOrDefault(type.FullName!.Split('[')[0].Replace('+', '.'))).OfType<HashSet<string>>().ToList();
        return parts.Count > 0 ? parts.Any(part => part.Contains(member.Name)) : listed.Values.Any(part => part.Contains(member.Name));
    }

    private static IEnumerable<Type> Inherited(Type type)
    {
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType) yield return at.IsGenericType ? at.GetGenericTypeDefinition() : at;
        foreach (var contract in type.GetInterfaces()) yield return contract.IsGenericType ? contract.GetGenericTypeDefinition() : contract;
    }

    /// <summary>Words by type, from the reference's code blocks: each part is headed by a comment with the type's name, or by a title.</summary>
    private static Dictionary<string, HashSet<string>> Listed(string file)
    {
        var (listed, part) = (new Dictionary<string, HashSet<string>>(), "");
        foreach (var line in File.ReadLines(file))
        {
            if (Heading(line) is { } name) part = name;
            if (part.Length == 0 || line.StartsWith('#')) continue;
            if (!listed.TryGetValue(part, out var words)) listed[part] = words = [];
            foreach (Match word in Word().Matches(line)) words.Add(word.Value);
        }
        return listed;
    }

    private static string? Heading(string line)
    {
        if (line.StartsWith("// TorchSharp.", StringComparison.Ordinal)) return line[3..].Trim();
        if (!line.StartsWith('#')) return null;
        return line switch
        {
            _ when line.Contains("torch.linalg", StringComparison.Ordinal) => "TorchSharp.torch.linalg",
            _ when line.Contains("torch.nn.functional", StringComparison.Ordinal) => "TorchSharp.torch.nn.functional",
            _ when line.Contains("torch.nn.init", StringComparison.Ordinal) => "TorchSharp.torch.nn.init",
            _ when line.Contains("Factories in torch.nn", StringComparison.Ordinal) => "TorchSharp.torch.nn",
            _ when line.Contains("Optimizers", StringComparison.Ordinal) => "TorchSharp.torch.optim",
            _ when line.Contains("torch.Tensor", StringComparison.Ordinal) || line.StartsWith("### indexers", StringComparison.Ordinal)
                || line.StartsWith("### operators", StringComparison.Ordinal) || line.StartsWith("### conversions", StringComparison.Ordinal) => "TorchSharp.torch.Tensor",
            _ when line.Contains("torch.*", StringComparison.Ordinal) || line.StartsWith("### modes", StringComparison.Ordinal) => "TorchSharp.torch",
            _ => "",
        };
    }

    private static IEnumerable<(Type Type, string Name)> Used(Assembly assembly) => assembly.GetTypes()
        .Where(type => !Seams.Any(seam => type.FullName!.StartsWith(seam, StringComparison.Ordinal)))
        .SelectMany(type => type.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).OfType<MethodBase>())
        .SelectMany(References)
        .Where(member => member.DeclaringType is { } type && type.Assembly == typeof(torch).Assembly && member is not ConstructorInfo)
        .Select(member => (Definition(member.DeclaringType!), member is MethodBase { IsSpecialName: true } ? Plain(member.Name) : member.Name))
        .Where(member => !member.Item2.StartsWith("op_", StringComparison.Ordinal));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static string Plain(string name) => name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal) ? name[4..] is "Item" ? "this" : name[4..] : name;

    private static IEnumerable<MemberInfo> References(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } body) yield break;
        Type[]? typeArguments = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < body.Length;)
        {
            var code = body[at] == 0xfe ? Codes[(short)(0xfe00 | body[at + 1])] : Codes[body[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField)
                yield return method.Module.ResolveMember(BitConverter.ToInt32(body, at), typeArguments, methodArguments)!;
            at += Size(code.OperandType, body, at);
        }
    }

    private static int Size(OperandType operand, byte[] body, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
        _ => 4,
    };

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();
}
