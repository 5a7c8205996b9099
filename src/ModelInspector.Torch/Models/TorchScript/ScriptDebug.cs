namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Line numbers of the original source (<c>*.debug_pkl</c>): a table of texts, and for places in the code the texts, file and range they
/// came from. libtorch looks them up without checking, so they are only used when every reference is right.
/// </summary>
internal static class ScriptDebug
{
    /// <summary>Whether libtorch can use the records.</summary>
    internal static bool IsSound(object? records) =>
        records is PickleMembers { Values: ["FORMAT_WITH_STRING_TABLE", PickleMembers { Kind: PickleKind.Tuple } texts, PickleMembers { Kind: PickleKind.Tuple } places] }
        && texts.Values.All(text => text is string)
        && places.Values.All(place => IsPlace(place, [.. texts.Values.Cast<string>()]));

    private static bool IsPlace(object? place, string[] texts) =>
        place is PickleMembers { Values: [>= 0L, PickleMembers { Values: [PickleMembers { Values: [PickleMembers parts, long file, >= 0L] }, >= 0L and long start, >= 0L and long end] }, long] }
        && file >= 0 && file < texts.Length
        && parts.Values.All(part => part is >= 0L and long index && index < texts.Length)
        && start <= end && end <= parts.Values.Sum(part => (long)System.Text.Encoding.UTF8.GetByteCount(texts[(long)part!]));
}
