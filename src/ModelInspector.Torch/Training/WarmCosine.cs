using static TorchSharp.torch;

namespace ModelInspector.Training;

/// <summary>A learning rate that rises over the first steps and then falls along a half cosine to zero.</summary>
/// <param name="Peak">Largest rate.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Warm">Steps over which it rises; fewer than <paramref name="Steps"/>.</param>
internal sealed record WarmCosine(double Peak, int Steps, int Warm)
{
    public double At(int step) => step < Warm
        ? Peak * (step + 1) / Warm
        : Peak * 0.5 * (1 + Math.Cos(Math.PI * (step - Warm) / (Steps - Warm)));

    public void Apply(optim.Optimizer optimizer, int step)
    {
        foreach (var group in optimizer.ParamGroups) group.LearningRate = At(step);
    }
}
