using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace ModelInspector.Inspection;

/// <summary>What a run stood on, for its record.</summary>
internal static class Surroundings
{
    /// <summary>This program's version.</summary>
    public static string Version =>
        typeof(Surroundings).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Versions and threads by name.</summary>
    public static ImmutableSortedDictionary<string, string> Versions => new Dictionary<string, string>
    {
        ["libtorch"] = torch.__version__,
        ["threads"] = $"{torch.get_num_threads()}",
        ["system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
        [".NET"] = Environment.Version.ToString(),
    }.ToImmutableSortedDictionary();
}
