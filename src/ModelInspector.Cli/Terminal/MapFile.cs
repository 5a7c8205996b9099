using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelInspector.Evaluation;

namespace ModelInspector.Cli.Terminal;

/// <summary>What must travel with a map: how it was made, how far to trust it, what to be warned of.</summary>
internal static class MapFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes <c>map.json</c> beside <c>map.npy</c>.</summary>
    public static void Write(
        string points, string method, ImmutableSortedDictionary<string, string>? settings, ulong seed,
        ImmutableSortedDictionary<string, double> figures, EmbeddingScores? scores, ImmutableArray<string> warnings)
    {
        var path = Path.ChangeExtension(points, ".json");
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(
            new { Schema = "modelinspector/map/1", Method = method, Settings = settings, Seed = seed, Figures = figures, Sampled = scores?.Sampled, Curve = scores?.Curve, Warnings = warnings }, Json));
        File.Move(path + ".part", path, overwrite: true);
    }
}
