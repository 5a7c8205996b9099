using System.Buffers.Binary;

namespace ModelInspector.Models.Weights;

/// <summary>
/// Opens files of weights: safetensors, PyTorch's state dicts (zip and, before 1.6, plain pickles) and TorchSharp's own.
/// Nothing in them is executed: pickles are read by an own reader that can build tensors, and nothing else.
/// </summary>
internal static class WeightsFile
{
    /// <summary>What the file holds, by name.</summary>
    /// <exception cref="InputException">It is missing, damaged, or holds something else.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Open(string path)
    {
        try
        {
            return Named(path, Reader(path)(path));
        }
        catch (EndOfStreamException error)
        {
            throw Refused(path, "is cut short", error);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException)
        {
            throw Refused(path, error is FormatException ? error.Message.TrimEnd('.') : "is a damaged zip archive", error);
        }
    }

    private static InputException Refused(string path, string reason, Exception cause) => new(
        $"{path} cannot be read as weights: it {reason}. Expected safetensors, a state dict from torch.save, or a file that TorchSharp saved; save or copy it again.", cause);

    private static Func<string, IReadOnlyDictionary<string, StoredTensor>> Reader(string path)
    {
        if (!File.Exists(path)) throw new InputException($"The weights file {path} does not exist. Expected .safetensors, .pth, .pt or .dat.");
        var head = new byte[32];
        using var file = File.OpenRead(path);
        var count = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (count == 0) throw new InputException($"The weights file {path} is empty. Save it again.");
        if (head.AsSpan().StartsWith("PK\x03\x04"u8)) return StateArchive.Read;
        if (count > 8 && head[8] == '{' && BinaryPrimitives.ReadInt64LittleEndian(head) is > 1 and var length && length <= file.Length - 8) return Safetensors.Read;
        return head is not [0x80, > 1 and < 6, ..] ? TorchSharpState.Read : LegacyState.Begins(head) ? LegacyState.Read : PickleOrCount;
    }

    // A pickle begins with the same byte as a count of tensors that is a multiple of 128.
    private static IReadOnlyDictionary<string, StoredTensor> PickleOrCount(string path)
    {
        try
        {
            return TorchSharpState.Read(path);
        }
        catch (Exception error) when (error is FormatException or EndOfStreamException)
        {
            return LegacyState.Read(path);
        }
    }

    // Training on several devices puts everything below a module of this name.
    private static IReadOnlyDictionary<string, StoredTensor> Named(string path, IReadOnlyDictionary<string, StoredTensor> stored)
    {
        const string Wrapper = "module.";
        if (stored.Count == 0) throw new InputException($"{path} holds no tensor. Expected a state dict: names and their tensors.");
        return stored.Keys.All(key => key.StartsWith(Wrapper, StringComparison.Ordinal))
            ? stored.ToDictionary(entry => entry.Key[Wrapper.Length..], entry => entry.Value)
            : stored;
    }
}
