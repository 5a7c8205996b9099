using static TorchSharp.Aten;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW have in common: the step along the first moment over the root of the second.</summary>
internal static class AdamMoments
{
    public static void Step(Parameter parameter, Tensor gradient, OptimizerState state, (double First, double Second) betas, double rate, double eps, bool amsgrad)
    {
        state.Steps++;
        var first = state.Slot("exp_avg", parameter).mul_(betas.First).add_(gradient, 1 - betas.First);
        var second = state.Slot("exp_avg_sq", parameter).mul_(betas.Second);
        Change("addcmul_", second, gradient, gradient, 1 - betas.Second);
        if (amsgrad) second = Largest(state.Slot("max_exp_avg_sq", parameter), second);
        var root = second.sqrt().div_(Math.Sqrt(Bias(betas.Second, state))).add_(eps);
        Change("addcdiv_", parameter, first, root, -rate / Bias(betas.First, state));
    }

    private static Tensor Largest(Tensor most, Tensor second)
    {
        using var larger = most.maximum(second);
        return most.copy_(larger);
    }

    /// <summary>What is missing from a running mean that began with zero.</summary>
    private static double Bias(double beta, OptimizerState state) => 1 - Math.Pow(beta, state.Steps);
}
