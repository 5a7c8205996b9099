using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>Puts the tensors of a weights file into a module.</summary>
internal static class ModuleWeights
{
    private const int Shown = 3;

    /// <summary>Loads all of them, or none.</summary>
    /// <exception cref="InputException">Names or shapes are not the module's, or the file is damaged.</exception>
    public static void Load(nn.Module module, string path)
    {
        var (stored, targets) = (WeightsFile.Open(path), module.state_dict());
        Check(path, module, stored, targets);
        using var quiet = no_grad();
        foreach (var (name, target) in targets)
            if (stored.TryGetValue(name, out var source)) Copy(path, name, source, target);
    }

    private static void Check(string path, nn.Module module, IReadOnlyDictionary<string, StoredTensor> stored, Dictionary<string, Tensor> targets)
    {
        string[] missing = [.. targets.Keys.Where(name => !stored.ContainsKey(name) && !IsCounter(name))];
        string[] unexpected = [.. stored.Keys.Where(name => !targets.ContainsKey(name) && !IsCounter(name))];
        string[] misshaped = [.. targets.Where(target => stored.TryGetValue(target.Key, out var source) && !source.Shape.AsSpan().SequenceEqual(target.Value.shape))
            .Select(target => $"`{target.Key}` is ({string.Join(", ", stored[target.Key].Shape)}), expected ({string.Join(", ", target.Value.shape)})")];
        string[] faults = [.. Fault("lacks", missing.Select(name => $"`{name}`")), .. Fault("has besides", unexpected.Select(name => $"`{name}`")), .. Fault("differs in shape:", misshaped)];
        if (faults.Length > 0) throw new InputException($"{path} does not fit {module.GetName()}: it {string.Join("; it ", faults)}. Expected the {targets.Count} tensors of this network; check --type and --weights.");
    }

    // How many batches a norm has seen: older files lack it, and nothing is computed with it.
    private static bool IsCounter(string name) => name.EndsWith("num_batches_tracked", StringComparison.Ordinal);

    private static IEnumerable<string> Fault(string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Length > 0) yield return $"{what} {string.Join(", ", all.Take(Shown))}{(all.Length > Shown ? $" and {all.Length - Shown} more" : "")}";
    }

    private static void Copy(string path, string name, StoredTensor source, Tensor target)
    {
        try
        {
            using var values = source.Read();
            target.copy_(values);
        }
        catch (Exception error) when (error is EndOfStreamException or IOException or InvalidDataException or ExternalException)
        {
            throw new InputException($"{path}: the values of `{name}` cannot be read ({error.Message.TrimEnd('.')}). Save or copy the file again.", error);
        }
    }
}
