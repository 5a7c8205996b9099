using System.Collections.Immutable;
using ModelInspector.Activations;

namespace ModelInspector.Inspection;

/// <summary>What to inspect, and how thoroughly. Everything that changes the result is here.</summary>
/// <param name="Model">Model file.</param>
/// <param name="Data">Folder of images, CSV, or <c>.npy</c>.</param>
public sealed record InspectionRequest(string Model, string Data)
{
    /// <summary>Type of the network where the model is an assembly; null for its only one.</summary>
    public string? Type { get; init; }

    /// <summary>Weights of a network from an assembly; null where there are none.</summary>
    public string? Weights { get; init; }

    /// <summary>Folder of masks, or null when the CSV names them or there are none.</summary>
    public string? Masks { get; init; }

    /// <summary>CSV with labels and columns for a folder or array; null when there is none.</summary>
    public string? Labels { get; init; }

    /// <summary>Preprocessing file; null for the one beside the model.</summary>
    public string? Preprocess { get; init; }

    /// <summary>Names or globs of layers; null for a choice of at most <see cref="MostLayers"/> by rule.</summary>
    public string? Layers { get; init; }

    /// <summary>Layers at most when none are named.</summary>
    public int MostLayers { get; init; } = 8;

    /// <summary>Maps to compute at each layer, by catalog name; the first two are told apart in the report's sentences.</summary>
    public ImmutableArray<string> Maps { get; init; } = ["sam", "grad-cam"];

    /// <summary>Embeddings of each layer, by catalog name.</summary>
    public ImmutableArray<string> Embeddings { get; init; } = ["pca", "t-sne"];

    /// <summary>Further embeddings, of the last layer only: the ones that train a network of their own.</summary>
    public ImmutableArray<string> LastLayerEmbeddings { get; init; } = ["autoencoder"];

    /// <summary>Embeddings of each layer's units, one point a channel.</summary>
    public ImmutableArray<string> UnitEmbeddings { get; init; } = ["pca", "t-sne"];

    /// <summary>Clusterings of the last layer's samples.</summary>
    public ImmutableArray<string> Clusterings { get; init; } = ["k-means"];

    /// <summary>Whether an autoencoder is trained on the images themselves, to draw what it keeps of them.</summary>
    public bool ImageCoder { get; init; }

    /// <summary>Whether separability of the classes is measured at every layer.</summary>
    public bool Separability { get; init; } = true;

    /// <summary>What embeddings see of a layer's positions; <see cref="Pooling.None"/> is all of them, reduced by PCA.</summary>
    public Pooling Pooling { get; init; } = Pooling.Mean;

    /// <summary>Samples shown at display size with their maps.</summary>
    public int Examples { get; init; } = 48;

    /// <summary>Unit cards a layer; 0 for none, which saves two passes without gradients.</summary>
    public int UnitCards { get; init; } = 24;

    /// <summary>Samples in one run of the network.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Where to compute.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Column that says which samples belong together (patients); intervals then resample groups.</summary>
    public string GroupColumn { get; init; } = "patient";

    /// <summary>Whether that column must be there; else every sample is its own where it is not.</summary>
    public bool GroupsRequired { get; init; }

    /// <summary>Work that an interruption may cost.</summary>
    public TimeSpan BetweenCheckpoints { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The command that repeats this run.</summary>
    public string Command { get; init; } = "";
}
