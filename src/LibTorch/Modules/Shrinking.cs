using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>x − tanh x.</summary>
public sealed class Tanhshrink : ParameterLessModule<Tensor, Tensor>
{
    internal Tanhshrink() : base(nameof(Tanhshrink)) { }

    public override Tensor forward(Tensor tensor) => F.tanhshrink(tensor);
}

/// <summary>log(1 + e^(βx)) / β, or x where βx is above the threshold.</summary>
public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
{
    internal Softplus(double beta, double threshold) : base(nameof(Softplus)) =>
        (this.beta, this.threshold) = (beta, threshold);

    public double beta { get; set; }
    public double threshold { get; set; }

    public override Tensor forward(Tensor tensor) => F.softplus(tensor, beta, threshold);
}

/// <summary>x / (1 + |x|).</summary>
public sealed class Softsign : ParameterLessModule<Tensor, Tensor>
{
    internal Softsign() : base(nameof(Softsign)) { }

    public override Tensor forward(Tensor tensor) => F.softsign(tensor);
}

/// <summary>x drawn by λ towards zero.</summary>
public sealed class Softshrink : ParameterLessModule<Tensor, Tensor>
{
    internal Softshrink(double lambda) : base(nameof(Softshrink)) => this.lambda = lambda;

    public double lambda { get; set; }

    public override Tensor forward(Tensor tensor) => F.softshrink(tensor, lambda);
}

/// <summary>x, or zero where |x| is at most λ.</summary>
public sealed class Hardshrink : ParameterLessModule<Tensor, Tensor>
{
    internal Hardshrink(double lambda) : base(nameof(Hardshrink)) => this.lambda = lambda;

    public double lambda { get; set; }

    public override Tensor forward(Tensor tensor) => F.hardshrink(tensor, lambda);
}

/// <summary>x/6 + 1/2, held in [0, 1].</summary>
public sealed class Hardsigmoid : ParameterLessModule<Tensor, Tensor>
{
    internal Hardsigmoid(bool inplace) : base(nameof(Hardsigmoid)) => this.inplace = inplace;

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => F.hardsigmoid(tensor, inplace);
}

/// <summary>x · hardsigmoid(x).</summary>
public sealed class Hardswish : ParameterLessModule<Tensor, Tensor>
{
    internal Hardswish(bool inplace) : base(nameof(Hardswish)) => this.inplace = inplace;

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => F.hardswish(tensor, inplace);
}

/// <summary>x held between two values.</summary>
public sealed class Hardtanh : ParameterLessModule<Tensor, Tensor>
{
    internal Hardtanh(double min_val, double max_val, bool inplace) : base(nameof(Hardtanh)) =>
        (this.min_val, this.max_val, this.inplace) = (min_val, max_val, inplace);

    public double min_val { get; set; }
    public double max_val { get; set; }
    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => F.hardtanh(tensor, min_val, max_val, inplace);
}

/// <summary>x where it is above the threshold, otherwise a value.</summary>
public sealed class Threshold : ParameterLessModule<Tensor, Tensor>
{
    internal Threshold(double threshold, double value, bool inplace) : base(nameof(Threshold)) =>
        (this.threshold, this.value, this.inplace) = (threshold, value, inplace);

    public double threshold { get; set; }
    public double value { get; set; }
    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => F.threshold(tensor, threshold, value, inplace);
}

/// <summary>The first half of a dimension times σ of the second.</summary>
public sealed class GLU : ParameterLessModule<Tensor, Tensor>
{
    internal GLU(long dim) : base(nameof(GLU)) => this.dim = dim;

    public long dim { get; set; }

    public override Tensor forward(Tensor tensor) => F.glu(tensor, dim);
}
