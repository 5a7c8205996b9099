namespace ModelInspector.Models;

/// <summary>Opens model files of every format there is a loader for.</summary>
public static class Model
{
    /// <summary>All loaders, found by the catalog's reflection.</summary>
    public static IReadOnlyList<IModelLoader> Loaders { get; } = Catalog.Implementations<IModelLoader>();

    /// <summary>Opens a model file.</summary>
    /// <exception cref="InputException">The file is missing, empty, of no known format, or damaged.</exception>
    public static IModel Open(string path, OpenOptions? options = null)
    {
        var head = Head(path);
        var loader = Loaders.FirstOrDefault(loader => loader.Recognises(path, head)) ?? throw new InputException(
            $"{path} is no model that can be read (it begins with {Beginning(head)}). Expected {Names.Or([.. Loaders.Select(loader => loader.Format)])}.");
        return loader.Open(path, options ?? new OpenOptions());
    }

    private static byte[] Head(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder. Expected a model file.");
        if (!File.Exists(path)) throw new InputException($"{path} does not exist. Expected a model file: ONNX, TorchScript or a library (.dll).");
        using var file = File.OpenRead(path);
        var head = new byte[Math.Min(512, file.Length)];
        file.ReadExactly(head);
        return head.Length > 0 ? head : throw new InputException($"{path} is empty. Expected a model file: ONNX, TorchScript or a library (.dll).");
    }

    private static string Beginning(byte[] head) =>
        head.Take(16).All(b => b is >= 32 and < 127 or 9 or 10 or 13)
            ? "the text `" + System.Text.Encoding.ASCII.GetString(head, 0, Math.Min(16, head.Length)).ReplaceLineEndings(" ") + "`"
            : "the bytes " + Convert.ToHexString(head, 0, Math.Min(8, head.Length));
}
