using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Activations;

/// <summary>
/// Captured activations: a folder with one float32 <c>.npy</c> file a layer, samples along its first axis, and <c>capture.json</c>.
/// </summary>
/// <param name="Folder">The folder.</param>
/// <param name="Manifest">What it holds.</param>
public sealed record ActivationStore(string Folder, StoreManifest Manifest)
{
    /// <summary>Opens a complete store.</summary>
    /// <exception cref="InputException">The folder holds no capture, or one that was interrupted.</exception>
    public static ActivationStore Open(string folder)
    {
        var manifest = StoreManifest.Find(folder)
            ?? throw new InputException($"{folder} holds no captured activations. Expected a folder that `modelinspector capture … -o DIR` wrote.");
        return manifest.Complete ? new(folder, manifest) : throw new InputException(
            $"{folder} holds an interrupted capture: {manifest.Rows} of {manifest.Request.Samples} samples. Run the same `modelinspector capture` again; it goes on where it stopped.");
    }

    /// <summary>Whether the folder holds the complete capture of this request.</summary>
    public static bool Holds(string folder, CaptureRequest request) =>
        StoreManifest.Find(folder) is { Complete: true } manifest && manifest.Request == request;

    /// <summary>Layer names in the order of the capture.</summary>
    public ImmutableArray<string> Layers => Manifest.Request.Layers;

    /// <summary>The <c>.npy</c> file of a layer.</summary>
    /// <exception cref="InputException">The layer was not captured; the message lists near names.</exception>
    public string File(string layer) =>
        Manifest.Layers.FirstOrDefault(stored => stored.Name == layer) is { } found ? Path.Combine(Folder, found.File)
        : throw new InputException($"Layer `{layer}` was not captured in {Folder}. Near: {string.Join(", ", Names.Near(layer, Layers))}.");

    /// <summary>A layer's activations, in memory: samples first.</summary>
    public NdArray Read(string layer) => Npy.Read(File(layer));

    /// <summary>A layer's activations, in memory: one sample a row.</summary>
    public Matrix ReadMatrix(string layer) => Npy.ReadMatrix(File(layer));

    /// <summary>A layer's activations, mapped from disk.</summary>
    public NpyRows Map(string layer) => NpyRows.Open(File(layer));
}
