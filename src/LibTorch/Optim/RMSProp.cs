using static TorchSharp.Aten;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Gradients over the root of their running mean square.</summary>
public class RMSProp : OptimizerHelper, optim.IMomentum
{
    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup(parameters)], lr, alpha, eps, weight_decay, momentum, centered, maximize) { }

    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
    {
        RequireRange("learning rate", lr, lr >= 0);
        RequireRange("alpha", alpha, alpha >= 0);
        RequireRange("epsilon", eps, eps >= 0);
        RequireRange("momentum", momentum, momentum >= 0);
        RequireRange("weight_decay", weight_decay, weight_decay >= 0);
        Start(new Options { LearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered, maximize = maximize }, parameters);
    }

    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set
        {
            ((Options)_defaults).momentum = value;
            foreach (var group in _parameter_groups.Cast<ParamGroup>()) group.Momentum = value;
        }
    }

    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
        Update(group, group.Options.maximize == true, (parameter, gradient, state) => Update(group.Options, parameter, gradient, state)), closure);

    private static void Update(Options options, Parameter parameter, Tensor gradient, OptimizerState state)
    {
        gradient = Decayed(gradient, parameter, options.weight_decay!.Value);
        var (root, rate, momentum) = (Root(options, parameter, gradient, state), options.LearningRate!.Value, options.momentum!.Value);
        if (momentum == 0) Change("addcdiv_", parameter, gradient, root, -rate);
        else parameter.add_(Change("addcdiv_", state.Slot("momentum_buffer", parameter).mul_(momentum), gradient, root), -rate);
    }

    /// <summary>√(mean of g²) + ε, about the mean gradient when centred.</summary>
    private static Tensor Root(Options options, Parameter parameter, Tensor gradient, OptimizerState state)
    {
        var alpha = options.alpha!.Value;
        var squares = Change("addcmul_", state.Slot("square_avg", parameter).mul_(alpha), gradient, gradient, 1 - alpha);
        if (options.centered != true) return squares.sqrt().add_(options.eps!.Value);
        var mean = state.Slot("grad_avg", parameter).mul_(alpha).add_(gradient, 1 - alpha);
        return Op("addcmul", squares, mean, mean, -1.0).sqrt().add_(options.eps!.Value);
    }

    public class Options : OptimizerOptions
    {
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public double? momentum;
        public bool? centered;
        public bool? maximize;

        internal override void Complete(OptimizerOptions defaults)
        {
            var other = (Options)defaults;
            (alpha, eps, weight_decay) = (alpha ?? other.alpha, eps ?? other.eps, weight_decay ?? other.weight_decay);
            (momentum, centered, maximize) = (momentum ?? other.momentum, centered ?? other.centered, maximize ?? other.maximize);
        }

        internal override double[] Numbers
        {
            get => [alpha!.Value, eps!.Value, weight_decay!.Value, momentum!.Value, Number(centered), Number(maximize)];
            set => (alpha, eps, weight_decay, momentum, centered, maximize) = (value[0], value[1], value[2], value[3], value[4] != 0, value[5] != 0);
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options? options = null) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered, maximize = maximize }) { }

        public double Momentum { get => Options.momentum!.Value; set => Options.momentum = value; }
    }
}
