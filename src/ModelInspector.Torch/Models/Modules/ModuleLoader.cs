using System.Security.Cryptography;
using ModelInspector.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>
/// Opens networks written with TorchSharp: a compiled assembly, a type in it that is a <c>Module&lt;Tensor, Tensor&gt;</c>, and a file
/// of weights. The assembly's code runs in this process with all its rights: open only what you would run.
/// </summary>
public sealed class ModuleLoader : IModelLoader
{
    /// <inheritdoc/>
    public string Format => "a library with a TorchSharp network (.dll)";

    /// <inheritdoc/>
    public bool Recognises(string path, ReadOnlySpan<byte> head) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && head.StartsWith("MZ"u8);

    /// <inheritdoc/>
    public IModel Open(string path, OpenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var assembly = new ModuleAssembly(path);
        try
        {
            return Opened(assembly, path, options);
        }
        catch
        {
            assembly.Dispose();
            throw;
        }
    }

    private static ModuleModel Opened(ModuleAssembly assembly, string path, OpenOptions options)
    {
        var type = assembly.Find(options.Type);
        var module = assembly.Make(type);
        try
        {
            if (options.Weights is { } weights) ModuleWeights.Load(module, weights);
            Freeze(module);
            module.to(Devices.Of(options.Device));
            return ModuleModel.Of(module, type.Name, Sha256(path, options), assembly, options);
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    private static void Freeze(nn.Module module)
    {
        module.eval();
        foreach (var parameter in module.parameters()) parameter.requires_grad_(false);
        // What one module overwrites in place, a tap on the one before would see changed.
        foreach (var inner in module.modules())
            if (inner.GetType().GetProperty("inplace") is { CanWrite: true } property && property.PropertyType == typeof(bool)) property.SetValue(inner, false);
    }

    private static string Sha256(string path, OpenOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(HashOf(path));
        foreach (var library in Beside(path)) hash.AppendData(HashOf(library));
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(options.Type ?? ""));
        if (options.Weights is { } weights) hash.AppendData(HashOf(weights));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // Its code may lie in any library beside it: another one there is another network.
    private static IEnumerable<string> Beside(string path) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, "*.dll").Where(file => file != Path.GetFullPath(path)).Order(StringComparer.Ordinal);

    private static byte[] HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }
}
