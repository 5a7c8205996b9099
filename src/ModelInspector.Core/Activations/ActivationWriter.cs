using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Activations;

/// <summary>
/// Fills an <see cref="ActivationStore"/> batch by batch. After every batch the manifest says how far it got: a capture that was killed
/// or cancelled goes on from there when the same request is begun again in the same folder.
/// </summary>
public sealed class ActivationWriter : IDisposable
{
    private readonly string folder;
    private readonly CaptureRequest request;
    private readonly ImmutableArray<string> files;
    private readonly Dictionary<string, LayerFile> layers = [];
    private bool complete;

    private ActivationWriter(string folder, CaptureRequest request)
    {
        (this.folder, this.request) = (folder, request);
        files = LayerFiles.Of(request.Layers);
    }

    /// <summary>Samples captured so far: go on with the sample of this index.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// Begins a capture, or goes on with the same one that was interrupted. Another capture's files in the folder are replaced; anything else is left alone.
    /// </summary>
    /// <param name="folder">Where the store is.</param>
    /// <param name="request">What is captured.</param>
    /// <param name="most">Go on after this many samples, even if more were captured.</param>
    /// <exception cref="InputException">The folder cannot be written, or no layer is asked for.</exception>
    public static ActivationWriter Begin(string folder, CaptureRequest request, long most = long.MaxValue)
    {
        if (request.Layers.IsEmpty) throw new InputException("No layer is chosen for capture. Choose some: `--layers GLOB[,GLOB…]`.");
        var writer = new ActivationWriter(folder, request);
        var found = StoreManifest.Find(folder);
        if (found is { Complete: false } && found.Request == request && writer.Continue(found, Math.Min(found.Rows, most))) return writer;
        if (found is not null) Remove(folder, found.Layers.Select(layer => layer.File));
        return writer;
    }

    /// <summary>Removes a capture from a folder, finished or not; anything else there is left alone.</summary>
    public static void Discard(string folder)
    {
        if (StoreManifest.Find(folder) is { } found) Remove(folder, found.Layers.Select(layer => layer.File));
    }

    /// <summary>Whether this layer is to be captured.</summary>
    public bool Wants(string layer) => request.Layers.Contains(layer);

    /// <summary>Appends one batch of one layer, pooled as requested.</summary>
    /// <param name="layer">One of the requested layers.</param>
    /// <param name="activation">Samples first.</param>
    /// <exception cref="InputException">Its rows have another shape than before, or the disk is full (then nothing is left behind).</exception>
    public void Append(string layer, NdArray activation)
    {
        var pooled = activation.Pool(request.Pooling);
        var file = layers.TryGetValue(layer, out var open) ? open : Open(layer, pooled.Shape[1..]);
        if (!file.Row.SequenceEqual(pooled.Shape[1..]))
            throw new InputException($"Layer `{layer}` gave ({string.Join(", ", pooled.Shape[1..])}) for a sample after ({string.Join(", ", file.Row)}) for the ones before. "
                + "Use inputs of one size, or pool: `--pool mean`.");
        Guard(() => file.Writer.Append(pooled.Values, pooled.Shape[0]));
    }

    /// <summary>Ends a batch: every layer has been appended, and what is written now outlives an interruption.</summary>
    /// <exception cref="InputException">A layer gave another number of rows than the batch has samples, or the disk is full.</exception>
    public void EndBatch(int samples)
    {
        foreach (var layer in request.Layers) Check(layer, Rows + samples);
        Rows += samples;
        Guard(() =>
        {
            foreach (var file in layers.Values) file.Writer.Flush();
            Manifest(complete: false).Save(folder);
        });
    }

    /// <summary>Ends the capture: every layer's file is moved into place.</summary>
    /// <exception cref="InputException">Nothing was captured, or the disk is full.</exception>
    public ActivationStore Complete()
    {
        if (Rows == 0) throw new InputException("Nothing was captured: the data set gave no sample.");
        Guard(() =>
        {
            foreach (var file in layers.Values) file.Writer.Complete();
            Manifest(complete: true).Save(folder);
        });
        complete = true;
        return new ActivationStore(folder, Manifest(complete: true));
    }

    /// <summary>Closes the files. An incomplete capture keeps its whole batches, to go on with later; one without any leaves no trace.</summary>
    public void Dispose()
    {
        if (complete) return;
        foreach (var file in layers.Values)
        {
            if (Rows > 0) file.Writer.Suspend();
            else file.Writer.Dispose();
        }
    }

    private LayerFile Open(string layer, ImmutableArray<int> row)
    {
        if (Rows > 0) throw new InvalidOperationException($"`{layer}` was not appended in the batches before.");
        return layers[layer] = new(NpyWriter.Create(Path.Combine(folder, FileOf(layer)), row), row);
    }

    private string FileOf(string layer) => request.Layers.IndexOf(layer) is >= 0 and var index
        ? files[index] : throw new ArgumentException($"`{layer}` was not requested.", nameof(layer));

    private bool Continue(StoreManifest found, long rows)
    {
        foreach (var layer in found.Layers)
        {
            if (NpyWriter.Resume(Path.Combine(folder, layer.File), layer.Shape, rows) is not { } file)
            {
                foreach (var opened in layers.Values) opened.Writer.Dispose();
                layers.Clear();
                return false;
            }
            layers[layer.Name] = new(file, layer.Shape);
        }
        Rows = rows;
        return true;
    }

    private void Check(string layer, long expected)
    {
        var found = layers.TryGetValue(layer, out var file) ? file.Writer.Rows : 0;
        if (found != expected)
            throw new InputException($"Layer `{layer}` gave {found - Rows} rows for a batch of {expected - Rows} samples: its first axis is not the sample. Leave it out of --layers.");
    }

    private StoreManifest Manifest(bool complete) => new(
        StoreManifest.CurrentSchema, request, [.. request.Layers.Zip(files, (name, file) => new StoredLayer(name, file, layers[name].Row))], Rows, complete);

    // Half a capture on a full disk is of no use to anybody.
    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (InputException)
        {
            foreach (var file in layers.Values) file.Writer.Dispose();
            Rows = 0;
            Remove(folder, files);
            throw;
        }
    }

    private static void Remove(string folder, IEnumerable<string> files)
    {
        StoreManifest.Delete(folder);
        foreach (var file in files.Select(file => Path.Combine(folder, file)))
        {
            File.Delete(file + ".part");
            File.Delete(file);
        }
    }

    private sealed record LayerFile(NpyWriter Writer, ImmutableArray<int> Row);
}
