using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>The modules of a network that map a tensor to a tensor, with their paths.</summary>
internal sealed class ModuleTree
{
    private readonly Dictionary<nn.Module, string> paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<nn.Module, long> parameters = new(ReferenceEqualityComparer.Instance);

    private readonly HashSet<Tensor> owned = new(ReferenceEqualityComparer.Instance);

    /// <param name="root">The network.</param>
    /// <param name="name">What it is called itself.</param>
    public ModuleTree(nn.Module<Tensor, Tensor> root, string name)
    {
        var counted = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        paths[root] = name;
        Count(root, root, "", counted);
        paths[root] = NameOf(root, 0, new HashSet<string>());
        foreach (var tensor in root.parameters().Concat(root.buffers())) owned.Add(tensor);
        Modules = [root, .. paths.Keys.OfType<nn.Module<Tensor, Tensor>>().Where(module => !ReferenceEquals(module, root))];
    }

    /// <summary>All that can be tapped, the network itself first.</summary>
    public ImmutableArray<nn.Module<Tensor, Tensor>> Modules { get; }

    /// <summary>A module's path, as in its state dict.</summary>
    public string PathOf(nn.Module module) => paths[module];

    /// <summary>A call's name: the module's path, from the second call on with a number, and in no case the name of anything else.</summary>
    /// <param name="module">What is called.</param>
    /// <param name="number">Calls of it before, in the same run.</param>
    /// <param name="given">Names of calls before, in the same run.</param>
    public string NameOf(nn.Module module, int number, IReadOnlySet<string> given)
    {
        var path = paths[module];
        bool IsFree(string name) => !given.Contains(name) && !paths.Any(other => other.Value == name && !ReferenceEquals(other.Key, module));
        return number == 0 && IsFree(path) ? path
            : Enumerable.Range(Math.Max(number, 1), int.MaxValue - number).Select(count => $"{path}_{count}").First(IsFree);
    }

    /// <summary>Trained values of a module's own, and of the modules in it that cannot be tapped.</summary>
    public long ParametersOf(nn.Module module) => parameters.GetValueOrDefault(module);

    /// <summary>Whether a tensor is one of the network's weights, which a module may hand out.</summary>
    public bool Owns(Tensor tensor) => owned.Contains(tensor);

    // A module that is used in several places goes by its first name, and counts there.
    private void Count(nn.Module module, nn.Module owner, string path, HashSet<nn.Module> counted)
    {
        if (!counted.Add(module)) return;
        parameters[owner] = parameters.GetValueOrDefault(owner) + module.parameters(recurse: false).Sum(parameter => parameter.numel());
        foreach (var (name, child) in module.named_children())
        {
            var below = path.Length == 0 ? name : $"{path}.{name}";
            if (child is nn.Module<Tensor, Tensor>) paths.TryAdd(child, below);
            Count(child, child is nn.Module<Tensor, Tensor> ? child : owner, below, counted);
        }
    }
}
