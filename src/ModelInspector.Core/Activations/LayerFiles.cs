using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ModelInspector.Activations;

/// <summary>File names for layers: '/' becomes '__', whatever could leave the folder or not be a file name becomes '_'.</summary>
public static class LayerFiles
{
    private const int LongestName = 200;
    private static readonly HashSet<char> Unsafe = [.. Path.GetInvalidFileNameChars(), '\\'];
    private static readonly StringComparer Comparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The <c>.npy</c> file of each layer; where two would share a name, the later one gets a number.</summary>
    public static ImmutableArray<string> Of(IEnumerable<string> layers)
    {
        var taken = new HashSet<string>(Comparer);
        return [.. layers.Select(layer => Free(Of(layer), taken))];
    }

    /// <summary>The file name without extension for one layer, without regard to others.</summary>
    public static string Of(string layer)
    {
        var name = string.Concat(layer.Replace("/", "__", StringComparison.Ordinal).Select(c => Unsafe.Contains(c) || char.IsControl(c) ? '_' : c));
        if (name is "" or ['.', ..]) name = "_" + name.TrimStart('.');
        return Encoding.UTF8.GetByteCount(name) <= LongestName ? name : Shortened(layer, name);
    }

    // Surrogates are cut in pairs: an unpaired one has no UTF-8 form.
    private static string Shortened(string layer, string name)
    {
        var kept = string.Concat(name.EnumerateRunes().Take(LongestName / 5));
        return $"{kept}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(layer)))[..16]}";
    }

    private static string Free(string name, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; !taken.Add(free); number++) free = $"{name}-{number}";
        return free + ".npy";
    }
}
