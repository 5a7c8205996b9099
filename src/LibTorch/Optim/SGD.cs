using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent with momentum.</summary>
public class SGD : OptimizerHelper, optim.IMomentum
{
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup(parameters)], lr, momentum, dampening, weight_decay, nesterov, maximize) { }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        RequireRange("learning rate", lr, lr >= 0);
        RequireRange("momentum", momentum, momentum >= 0);
        RequireRange("weight_decay", weight_decay, weight_decay >= 0);
        if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
        Start(new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }, parameters);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set
        {
            ((Options)_defaults).momentum = value;
            foreach (ParamGroup group in _parameter_groups.Cast<ParamGroup>()) group.Momentum = value;
        }
    }

    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
        Update(group, group.Options.maximize == true, (parameter, gradient, state) => Update(group.Options, parameter, gradient, state)), closure);

    private static void Update(Options options, Parameter parameter, Tensor gradient, OptimizerState state)
    {
        var (momentum, nesterov) = (options.momentum!.Value, options.nesterov == true);
        gradient = Decayed(gradient, parameter, options.weight_decay!.Value);
        if (momentum != 0)
        {
            var velocity = Velocity(state, gradient, momentum, options.dampening!.Value);
            gradient = nesterov ? gradient.add(velocity, momentum) : velocity;
        }
        parameter.add_(gradient, -options.LearningRate!.Value);
    }

    /// <summary>The first gradient as it is, then the running sum.</summary>
    private static Tensor Velocity(OptimizerState state, Tensor gradient, double momentum, double dampening)
    {
        const string name = "momentum_buffer";
        return state.Slots.TryGetValue(name, out var velocity)
            ? velocity.mul_(momentum).add_(gradient, 1 - dampening)
            : state.Slots[name] = gradient.detach().clone().DetachFromDisposeScope();
    }

    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        internal override void Complete(OptimizerOptions defaults)
        {
            var other = (Options)defaults;
            (momentum, dampening, weight_decay) = (momentum ?? other.momentum, dampening ?? other.dampening, weight_decay ?? other.weight_decay);
            (nesterov, maximize) = (nesterov ?? other.nesterov, maximize ?? other.maximize);
        }

        internal override double[] Numbers
        {
            get => [momentum!.Value, dampening!.Value, weight_decay!.Value, Number(nesterov), Number(maximize)];
            set => (momentum, dampening, weight_decay, nesterov, maximize) = (value[0], value[1], value[2], value[3] != 0, value[4] != 0);
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options? options = null) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }) { }

        public double Momentum { get => Options.momentum!.Value; set => Options.momentum = value; }
    }
}
