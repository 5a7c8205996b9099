using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam: steps along running means of the gradient, scaled by the root of its running square. Weight decay joins the gradient.</summary>
public class Adam : OptimizerHelper, optim.IBetas
{
    public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup(parameters)], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize) { }

    public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        RequireRange("learning rate", lr, lr >= 0);
        RequireRange("beta1", beta1, beta1 is >= 0 and < 1);
        RequireRange("beta2", beta2, beta2 is >= 0 and < 1);
        RequireRange("epsilon", eps, eps >= 0);
        RequireRange("weight_decay", weight_decay, weight_decay >= 0);
        Start(new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }, parameters);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set
        {
            (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
            foreach (var group in _parameter_groups.Cast<ParamGroup>()) group.Betas = value;
        }
    }

    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
        Update(group, group.Options.maximize == true, (parameter, gradient, state) => Update(group.Options, parameter, gradient, state)), closure);

    private static void Update(Options options, Parameter parameter, Tensor gradient, OptimizerState state)
    {
        gradient = Decayed(gradient, parameter, options.weight_decay!.Value);
        AdamMoments.Step(parameter, gradient, state, (options.beta1!.Value, options.beta2!.Value), options.LearningRate!.Value, options.eps!.Value, options.amsgrad == true);
    }

    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public bool? amsgrad;
        public bool? maximize;

        internal override void Complete(OptimizerOptions defaults)
        {
            var other = (Options)defaults;
            (beta1, beta2, eps) = (beta1 ?? other.beta1, beta2 ?? other.beta2, eps ?? other.eps);
            (weight_decay, amsgrad, maximize) = (weight_decay ?? other.weight_decay, amsgrad ?? other.amsgrad, maximize ?? other.maximize);
        }

        internal override double[] Numbers
        {
            get => [beta1!.Value, beta2!.Value, eps!.Value, weight_decay!.Value, Number(amsgrad), Number(maximize)];
            set => (beta1, beta2, eps, weight_decay, amsgrad, maximize) = (value[0], value[1], value[2], value[3], value[4] != 0, value[5] != 0);
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup() { }

        public ParamGroup(IEnumerable<Parameter> parameters, Options? options = null) : base(parameters, options) { }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }) { }

        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
