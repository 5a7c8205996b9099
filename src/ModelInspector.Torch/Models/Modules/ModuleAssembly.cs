using System.Reflection;
using System.Runtime.Loader;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>
/// A user's assembly in a load context of its own, which can be collected once the network is gone. TorchSharp itself is this program's, whatever
/// the assembly was compiled against; everything else comes from the folder beside it.
/// </summary>
internal sealed class ModuleAssembly : IDisposable
{
    private readonly string path;
    private readonly Context context;
    private readonly Assembly assembly;

    /// <exception cref="InputException">The file is no assembly that can be loaded.</exception>
    public ModuleAssembly(string path)
    {
        this.path = path;
        context = new Context(Path.GetFullPath(path));
        try
        {
            assembly = context.Load(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is BadImageFormatException or FileLoadException)
        {
            context.Unload();
            throw new InputException($"{path} is no .NET assembly that can be loaded: {error.Message.TrimEnd('.')}. Expected a library built with `dotnet build`.", error);
        }
    }

    /// <summary>The network's type: the one of that name, or the only one.</summary>
    /// <exception cref="InputException">There is none, or several.</exception>
    public Type Find(string? name)
    {
        Type[] networks = [.. Types().Where(type => typeof(nn.Module<Tensor, Tensor>).IsAssignableFrom(type) && type is { IsAbstract: false, ContainsGenericParameters: false })];
        Type[] named = name is null ? networks : [.. networks.Where(type => type.FullName == name || type.Name == name)];
        if (named.Length == 1) return named[0];
        if (name is not null && Types().FirstOrDefault(type => type.FullName == name || type.Name == name) is { } other)
            throw new InputException($"{path}: {other.FullName} is no network that can be opened: it is {(other.IsAbstract ? "abstract" : $"a {other.BaseType?.Name}")}. Expected a class that inherits nn.Module<Tensor, Tensor>.");
        throw new InputException(networks.Length == 0
            ? $"{path} holds no network. Expected a class that inherits nn.Module<Tensor, Tensor>."
            : $"{path} holds {(name is null ? $"{networks.Length} networks" : $"no single network `{name}`")}. Choose by --type: {string.Join(", ", networks.Select(type => type.FullName).Order(StringComparer.Ordinal).Take(10))}.");
    }

    /// <summary>A new network of a type: by the constructor that needs no arguments.</summary>
    /// <exception cref="InputException">There is no such constructor, or it fails.</exception>
    public nn.Module<Tensor, Tensor> Make(Type type)
    {
        var constructor = type.GetConstructors().Where(candidate => candidate.GetParameters().All(parameter => parameter.HasDefaultValue))
            .MinBy(candidate => candidate.GetParameters().Length)
            ?? throw new InputException($"{path}: {type.FullName} has no public constructor that can be called without arguments. Add one, or defaults for all arguments.");
        try
        {
            return (nn.Module<Tensor, Tensor>)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            throw new InputException($"{path}: the constructor of {type.FullName} fails: {Reason(inner)}.", inner);
        }
    }

    /// <summary>What went wrong in a user's code; a member of TorchSharp that is not here is said so.</summary>
    public static string Reason(Exception error) => error is MissingMemberException or TypeLoadException
        ? $"it uses a part of TorchSharp that is not here ({error.Message.TrimEnd('.')})"
        : error.Message.Split('\n')[0].TrimEnd('.', ' ', '\r');

    /// <inheritdoc/>
    public void Dispose() => context.Unload();

    private Type[] Types()
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException error)
        {
            if (error.Types.Any(type => type is not null)) return [.. error.Types.OfType<Type>()];
            throw new InputException($"{path} cannot be loaded: {error.LoaderExceptions.OfType<Exception>().FirstOrDefault()?.Message}. Copy what it depends on beside it.", error);
        }
    }

    private sealed class Context(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path), isCollectible: true)
    {
        private const string Official = "TorchSharp";

        private static readonly Assembly Binding = typeof(torch).Assembly;

        private readonly AssemblyDependencyResolver resolver = new(path);

        public Assembly Load(byte[] image)
        {
            using var stream = new MemoryStream(image);
            return LoadFromStream(stream);
        }

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            if (assemblyName.Name == Binding.GetName().Name) return Binding;
            if (assemblyName.Name == Official) return Assemblies.FirstOrDefault(loaded => loaded.GetName().Name == Official) ?? Load(ForwardingAssembly.Named(Official, Binding));
            return resolver.ResolveAssemblyToPath(assemblyName) is { } beside ? Load(File.ReadAllBytes(beside)) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } beside ? LoadUnmanagedDllFromPath(beside) : 0;
    }
}
