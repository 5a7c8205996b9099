using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelInspector.Activations;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Reference material beside the repository; tests that need it are skipped where it is absent.</summary>
internal static class Shared
{
    public static string Repository { get; } = FindRepository();

    public static string Folder(string name)
    {
        var path = Path.Combine(Repository, "..", "shared", name);
        Skip.IfNot(Directory.Exists(path), $"The reference folder ../shared/{name} is absent.");
        return path;
    }

    private static string FindRepository([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}

/// <summary>One of the four reference networks: its two files, its input, its targets and the values a right implementation gives.</summary>
internal sealed class ConformanceCase
{
    private readonly string folder;
    private readonly JsonElement json;

    public ConformanceCase(string name)
    {
        folder = Path.Combine(Shared.Folder("conformance"), name);
        json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "case.json"))).RootElement;
    }

    public static string[] Names { get; } = ["gap", "residual", "mobile", "vit"];

    public static string[] Formats { get; } = ["onnx", "pt"];

    public long[] Targets => [.. json.GetProperty("targets").EnumerateArray().Select(target => target.GetInt64())];

    /// <summary>Side of the window of the occlusion's reference.</summary>
    public int Window => json.GetProperty("occlusion_window")[1].GetInt32();

    /// <summary>(module path, ONNX tensor name) of each layer that references exist for.</summary>
    public IEnumerable<(string Path, string? Tensor)> Layers => json.GetProperty("layers").EnumerateArray()
        .Select(layer => (layer.GetProperty("torchscript").GetString()!, layer.GetProperty("onnx_tensor").GetString()));

    public string ModelFile(string format) => Path.Combine(folder, "model." + format);

    public NdArray Input => Npy.Read(Path.Combine(folder, "input.npy"));

    public NdArray Logits => Npy.Read(Path.Combine(folder, "logits.npy"));

    public bool Has(string reference) => File.Exists(Path.Combine(folder, "expected", reference + ".npy"));

    public NdArray Expected(string reference) => Npy.Read(Path.Combine(folder, "expected", reference + ".npy"));

    public IModel Open(string format) => Model.Open(ModelFile(format), new OpenOptions(InputShape: [.. Input.Shape.Select(size => (long)size)]));

    public Tensor InputTensor() => Batches.ToTensor(Input);
}

/// <summary>Comparisons that say how far off they are.</summary>
internal static class Near
{
    /// <summary>Largest difference relative to the largest expected value.</summary>
    public static void Equal(NdArray expected, NdArray actual, double tolerance, string what)
    {
        Assert.True(expected.Shape.SequenceEqual(actual.Shape), $"{what}: shape ({string.Join(", ", actual.Shape)}), expected ({string.Join(", ", expected.Shape)})");
        var scale = Math.Max(1e-12, expected.Values.Max(Math.Abs));
        var worst = expected.Values.Zip(actual.Values, (e, a) => double.IsFinite(a) ? Math.Abs((double)e - a) : double.PositiveInfinity).Max() / scale;
        Assert.True(worst <= tolerance, $"{what}: off by {worst:G3} of the largest value, allowed {tolerance:G3}");
    }

    /// <summary>As above, but for a few values that may be further off: those that hang on a unit within rounding of its kink.</summary>
    /// <param name="share">How many values may be further off, as a share.</param>
    /// <param name="furthest">How far off those may be.</param>
    public static void EqualButFor(double share, double furthest, NdArray expected, NdArray actual, double tolerance, string what)
    {
        Equal(expected, actual, furthest, what);
        var scale = Math.Max(1e-12, expected.Values.Max(Math.Abs));
        var off = expected.Values.Zip(actual.Values, (e, a) => Math.Abs((double)e - a) / scale).Count(difference => difference > tolerance);
        Assert.True(off <= share * expected.Values.Length, $"{what}: {off} of {expected.Values.Length} values are off by more than {tolerance:G3}");
    }

    public static void Equal(float[] expected, Tensor actual, double tolerance) =>
        Equal(new NdArray([expected.Length], expected), new NdArray([expected.Length], Batches.ToArray(actual.reshape(-1)).Values), tolerance, "values");
}

/// <summary>Counts what is left alive.</summary>
internal static class Leaks
{
    /// <summary>The work, done in a scope, leaves no tensor of this thread alive; tensors of other threads do not count.</summary>
    public static void None(Action work)
    {
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope()) work();
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
