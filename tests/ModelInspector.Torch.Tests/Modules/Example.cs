using ModelInspector.Models;
using ModelInspector.Models.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Modules;

/// <summary>The library with networks that is built beside the tests.</summary>
internal static class Example
{
    private const string Name = "ModelInspector.Modules.Example";

    private static string Output => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    public static string Library { get; } = Path.GetFullPath(Path.Combine(Output, "..", "..", Name, Path.GetFileName(Output), Name + ".dll"));

    public static IModel Open(string type, string? weights = null, params long[] shape) =>
        Model.Open(Library, new OpenOptions(InputShape: shape.Length == 0 ? null : [.. shape]) { Type = type, Weights = weights });

    public static string Refusal(string? type, string? weights = null) =>
        Assert.Throws<InputException>(() => Model.Open(Library, new OpenOptions { Type = type, Weights = weights }).Dispose()).Message;

    /// <summary>A small network with weights of its own, in any state that <paramref name="use"/> brings it to.</summary>
    public static T Made<T>(string type, Func<nn.Module<Tensor, Tensor>, T> use)
    {
        using var assembly = new ModuleAssembly(Library);
        using var scope = NewDisposeScope();
        using var module = assembly.Make(assembly.Find(type));
        return use(module);
    }
}
