using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelInspector.Activations;

/// <summary>What is captured from what: two captures of equal requests hold the same numbers.</summary>
/// <param name="ModelSha256">The model file's hash.</param>
/// <param name="DataSha256">The data set's hash, preprocessing included.</param>
/// <param name="Pooling">What is kept of the positions.</param>
/// <param name="Samples">Samples in the data set.</param>
/// <param name="Layers">Layer names.</param>
public sealed record CaptureRequest(string ModelSha256, string DataSha256, Pooling Pooling, long Samples, ImmutableArray<string> Layers)
{
    /// <summary>Whether the two ask for the same.</summary>
    public bool Equals(CaptureRequest? other) => other is not null
        && (ModelSha256, DataSha256, Pooling, Samples) == (other.ModelSha256, other.DataSha256, other.Pooling, other.Samples)
        && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ModelSha256, DataSha256, Pooling, Samples, Layers.Length);
}

/// <summary>A layer in a store.</summary>
/// <param name="Name">The layer's name in the model.</param>
/// <param name="File">Its <c>.npy</c> file in the store's folder.</param>
/// <param name="Shape">Shape of one sample's row.</param>
public sealed record StoredLayer(string Name, string File, ImmutableArray<int> Shape);

/// <summary>The contents of <c>capture.json</c> in a store's folder.</summary>
/// <param name="Schema"><c>modelinspector/activations/1</c>.</param>
/// <param name="Request">What is captured.</param>
/// <param name="Layers">Where each layer is.</param>
/// <param name="Rows">Samples captured so far.</param>
/// <param name="Complete">Whether the capture ended.</param>
public sealed record StoreManifest(string Schema, CaptureRequest Request, ImmutableArray<StoredLayer> Layers, long Rows, bool Complete)
{
    internal const string CurrentSchema = "modelinspector/activations/1";
    private const string FileName = "capture.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The manifest of a folder; null if it has none that can be read.</summary>
    internal static StoreManifest? Find(string folder)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<StoreManifest>(File.ReadAllBytes(Path.Combine(folder, FileName)), Json);
            return manifest is { Schema: CurrentSchema } && manifest.Fits() ? manifest : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    internal void Save(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            File.WriteAllBytes(path + ".part", JsonSerializer.SerializeToUtf8Bytes(this, Json));
            File.Move(path + ".part", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NpyWriter.Unwritable(path, error);
        }
    }

    internal static void Delete(string folder)
    {
        File.Delete(Path.Combine(folder, FileName));
        File.Delete(Path.Combine(folder, FileName + ".part"));
    }

    // A manifest may come from anywhere: the files that it names must be the ones that this program would have written.
    private bool Fits() =>
        !Layers.IsDefault && !Request.Layers.IsDefault && Rows >= 0
        && Layers.All(layer => layer is { Name: not null, File: not null, Shape.IsDefault: false })
        && Request.Layers.All(layer => layer is not null)
        && Layers.Select(layer => (layer.Name, layer.File)).SequenceEqual(Request.Layers.Zip(LayerFiles.Of(Request.Layers)));
}
