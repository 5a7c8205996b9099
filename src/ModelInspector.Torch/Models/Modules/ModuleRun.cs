using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Modules;

/// <summary>One run of a module under hooks, which are gone when it ends, whatever happens.</summary>
internal sealed class ModuleRun
{
    private readonly ModuleTree tree;
    private readonly Ended ended;
    private readonly Stack<ModuleCall> open = new();
    private readonly Dictionary<nn.Module, int> calls = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> names = [];
    private readonly HashSet<Tensor> made = new(ReferenceEqualityComparer.Instance);

    private ModuleRun(ModuleTree tree, Ended ended) => (this.tree, this.ended) = (tree, ended);

    /// <summary>Runs the network once.</summary>
    /// <param name="tree">Its modules; the first is the network.</param>
    /// <param name="input">What it is given.</param>
    /// <param name="ended">Sees every call.</param>
    /// <returns>The output; everything else that modules made is disposed.</returns>
    /// <exception cref="ModuleFailure">A module threw.</exception>
    public static Tensor Of(ModuleTree tree, Tensor input, Ended ended)
    {
        var run = new ModuleRun(tree, ended);
        var hooks = new List<Action>();
        try
        {
            foreach (var module in tree.Modules) run.Hook(module, hooks);
            var output = tree.Modules[0].call(input);
            var kept = output.alias();
            run.Drop(input);
            return kept;
        }
        catch (Exception error) when (run.open.TryPeek(out var call) && error is not InputException and not OperationCanceledException)
        {
            run.Drop(input);
            throw new ModuleFailure(call.Name, error);
        }
        catch
        {
            run.Drop(input);
            throw;
        }
        finally
        {
            hooks.ForEach(remove => remove());
        }
    }

    private void Hook(nn.Module<Tensor, Tensor> module, List<Action> hooks)
    {
        var before = module.register_forward_pre_hook((_, input) =>
        {
            Begin(module);
            return input;
        });
        hooks.Add(before.remove);
        var after = module.register_forward_hook((_, input, output) => End(input, output));
        hooks.Add(after.remove);
    }

    private void Begin(nn.Module<Tensor, Tensor> module)
    {
        var number = calls.GetValueOrDefault(module);
        calls[module] = number + 1;
        var name = tree.NameOf(module, number, names);
        names.Add(name);
        open.Push(new ModuleCall(module, name, IsFirst: number == 0));
    }

    private Tensor End(Tensor input, Tensor output)
    {
        var call = open.Pop().Ended();
        if (open.TryPeek(out var around)) around.Contains(call);
        made.Add(output);
        var replaced = ended(call, input, output);
        if (replaced is null || ReferenceEquals(replaced, output)) return output;
        made.Add(replaced);
        return replaced;
    }

    private void Drop(Tensor input)
    {
        foreach (var tensor in made.Where(tensor => !ReferenceEquals(tensor, input) && !tree.Owns(tensor))) tensor.Dispose();
    }
}

/// <summary>A module threw.</summary>
internal sealed class ModuleFailure(string layer, Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>The innermost module that was running.</summary>
    public string Layer => layer;
}
