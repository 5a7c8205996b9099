using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>
/// Limited-memory BFGS: steps along the gradient times an estimate of the inverse Hessian, made of the last changes of
/// gradient and position. One step runs the closure up to <c>max_eval</c> times.
/// </summary>
public class LBFGS : Optimizer, ILearningRateController
{
    public double _rate;
    private readonly Parameter[] targets;
    private readonly long iterations;
    private readonly long evaluations;
    private readonly double gradientTolerance;
    private readonly double changeTolerance;
    private readonly long history;
    private readonly List<(Tensor Step, Tensor Change, double Weight)> memory = [];
    private Tensor? direction;
    private Tensor? lastGradient;
    private double scale = 1;
    private double length;

    internal LBFGS(IEnumerable<Parameter> parameters, double lr, long max_iter, long? max_eval, double tolerance_grad, double tolerance_change, long history_size)
    {
        targets = [.. parameters];
        _rate = InitialLearningRate = lr;
        (iterations, evaluations, history) = (max_iter, max_eval ?? (max_iter * 5 / 4), history_size);
        (gradientTolerance, changeTolerance) = (tolerance_grad, tolerance_change);
        _parameter_groups.Add(new ParamGroup { Parameters = targets });
    }

    public double LearningRate { get => _rate; set => _rate = value; }
    public double InitialLearningRate { get; set; }
    public override IEnumerable<ILearningRateController> ParamGroups => [this];

    /// <exception cref="ArgumentNullException">No closure: the loss has to be computed several times.</exception>
    public override Tensor step(Func<Tensor>? closure = null)
    {
        ArgumentNullException.ThrowIfNull(closure);
        var (first, loss) = Evaluate(closure);
        using var still = no_grad();
        using var scope = NewDisposeScope();
        var gradient = Gradient();
        for (long i = 0, calls = 1; i < iterations && Largest(gradient) > gradientTolerance; i++)
        {
            Turn(gradient);
            var slope = gradient.dot(direction!).ToDouble();
            if (slope > -changeTolerance) break;
            Move(length);
            if (i + 1 == iterations || calls >= evaluations) break;
            var (again, next) = Evaluate(closure);
            again.Dispose();
            calls++;
            gradient = Gradient();
            if (Largest(direction!) * length <= changeTolerance || Math.Abs(next - loss) < changeTolerance) break;
            loss = next;
        }
        return first;
    }

    private static (Tensor, double) Evaluate(Func<Tensor> closure)
    {
        using var recording = enable_grad();
        var loss = closure();
        return (loss, loss.ToDouble());
    }

    private Tensor Gradient() => cat(targets.Select(target => (target.grad ?? zeros_like(target)).reshape(-1)).ToArray(), 0);

    private static double Largest(Tensor tensor) => tensor.abs().max().ToDouble();

    /// <summary>The next direction and how far to go along it.</summary>
    private void Turn(Tensor gradient)
    {
        if (lastGradient is not null) Remember(gradient);
        var first = lastGradient is null;
        Keep(ref direction, Downhill(gradient));
        Keep(ref lastGradient, gradient.clone());
        length = first ? Math.Min(1, 1 / gradient.abs().sum().ToDouble()) * _rate : _rate;
    }

    /// <summary>Notes how the gradient changed along the last step, where the curve was convex.</summary>
    private void Remember(Tensor gradient)
    {
        var (change, step) = (gradient - lastGradient!, direction! * length);
        var curvature = change.dot(step).ToDouble();
        if (curvature <= 1e-10) return;
        if (memory.Count == history) Forget();
        memory.Add((step.DetachFromDisposeScope(), change.DetachFromDisposeScope(), 1 / curvature));
        scale = curvature / change.dot(change).ToDouble();
    }

    /// <summary>−H·g by the two-loop recursion.</summary>
    private Tensor Downhill(Tensor gradient)
    {
        var downhill = gradient.neg();
        var parts = new double[memory.Count];
        for (var i = memory.Count - 1; i >= 0; i--)
        {
            parts[i] = memory[i].Step.dot(downhill).ToDouble() * memory[i].Weight;
            downhill.add_(memory[i].Change, -parts[i]);
        }
        downhill.mul_(scale);
        for (var i = 0; i < memory.Count; i++) downhill.add_(memory[i].Step, parts[i] - (memory[i].Change.dot(downhill).ToDouble() * memory[i].Weight));
        return downhill;
    }

    private void Move(double by)
    {
        long start = 0;
        foreach (var target in targets)
        {
            target.add_(direction!.narrow(0, start, target.NumberOfElements).view_as(target), by);
            start += target.NumberOfElements;
        }
    }

    private static void Keep(ref Tensor? slot, Tensor value)
    {
        slot?.Dispose();
        slot = value.DetachFromDisposeScope();
    }

    private void Forget()
    {
        memory[0].Step.Dispose();
        memory[0].Change.Dispose();
        memory.RemoveAt(0);
    }

    protected override void Dispose(bool disposing)
    {
        while (memory.Count > 0) Forget();
        direction?.Dispose();
        lastGradient?.Dispose();
        base.Dispose(disposing);
    }
}
