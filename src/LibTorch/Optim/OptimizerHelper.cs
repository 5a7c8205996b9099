using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What all first-order optimizers share: groups of parameters, and a state for each parameter.</summary>
public abstract partial class OptimizerHelper : optim.Optimizer
{
    protected OptimizerOptions _defaults = null!;
    private readonly Dictionary<Parameter, OptimizerState> states = new(ReferenceEqualityComparer.Instance);

    private protected void Start(OptimizerOptions defaults, IEnumerable<ParamGroup> groups)
    {
        _defaults = defaults;
        foreach (var group in groups) add_param_group(group);
    }

    /// <exception cref="ArgumentException">A parameter of the group belongs to another group already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        param_group.Parameters = [.. param_group.Parameters];
        var known = new HashSet<Parameter>(parameters(), ReferenceEqualityComparer.Instance);
        if (param_group.Parameters.Any(parameter => !known.Add(parameter))) throw new ArgumentException("A parameter appears twice in the optimizer's groups.");
        param_group.Options.Complete(_defaults);
        param_group.Options.LearningRate ??= _defaults.LearningRate;
        param_group.Options.InitialLearningRate = param_group.LearningRate;
        _parameter_groups.Add(param_group);
    }

    /// <summary>Runs the closure with gradients on, then the body for every group with gradients off.</summary>
    protected Tensor _step<T>(Action<T> body, Func<Tensor>? loss_closure = null) where T : ParamGroup
    {
        Tensor loss = null!;
        if (loss_closure is not null)
        {
            using var recording = enable_grad();
            loss = loss_closure();
        }
        using var still = no_grad();
        using var scope = NewDisposeScope();
        foreach (var group in _parameter_groups.Cast<T>()) body(group);
        return loss;
    }

    /// <summary>Calls the update for every parameter of a group that has a gradient.</summary>
    private protected void Update(ParamGroup group, bool maximize, Action<Parameter, Tensor, OptimizerState> update)
    {
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } gradient) continue;
            update(parameter, maximize ? gradient.neg() : gradient, State(parameter));
        }
    }

    private OptimizerState State(Parameter parameter)
    {
        if (!states.TryGetValue(parameter, out var state)) states.Add(parameter, state = new());
        return state;
    }

    /// <summary>The gradient with that of ½·decay·|parameter|² added.</summary>
    private protected static Tensor Decayed(Tensor gradient, Tensor parameter, double decay) => decay == 0 ? gradient : gradient.add(parameter, decay);

    private protected static void RequireRange(string what, double value, bool valid)
    {
        if (!valid) throw new ArgumentException($"Invalid {what} value: {value}");
    }

    /// <summary>Moves the state, not the parameters, to a device.</summary>
    public void to(Device device)
    {
        foreach (var state in states.Values) state.To(device);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var state in states.Values) state.Dispose();
        states.Clear();
    }
}
