using ModelInspector.Numerics;
using ModelInspector.Training;
using static TorchSharp.torch;

namespace ModelInspector.Samples;

/// <summary>Trains one network on phantom images: AdamW, a rate that rises and falls, every image once an epoch.</summary>
/// <param name="Epochs">Passes over the images.</param>
/// <param name="Batch">Images a step.</param>
/// <param name="Rate">Largest learning rate.</param>
/// <param name="WeightDecay">Share of the rate by which weights shrink at each step.</param>
internal sealed record PhantomTraining(int Epochs, int Batch, double Rate, double WeightDecay = 1e-3)
{
    public TNet Train<TNet>(TNet net, PhantomPixels pixels, string stage, Job job)
        where TNet : nn.Module<Tensor, Tensor>
    {
        using var optimizer = optim.AdamW(net.parameters(), Rate, weight_decay: WeightDecay);
        var steps = Schedule(pixels.Count, job.Seed).ToArray();
        var rate = new WarmCosine(Rate, steps.Length, steps.Length / 10);
        net.train();
        for (var step = 0; step < steps.Length; step++)
        {
            rate.Apply(optimizer, step);
            var loss = Step(net, optimizer, pixels, steps[step]);
            job.Report(stage, step + 1, steps.Length, $"loss {loss:0.000}");
        }
        net.eval();
        return net;
    }

    private static float Step(nn.Module<Tensor, Tensor> net, optim.Optimizer optimizer, PhantomPixels pixels, int[] indices)
    {
        using var scope = NewDisposeScope();
        var (input, classes) = pixels.Batch(indices);
        optimizer.zero_grad();
        var loss = nn.functional.cross_entropy(net.call(input), classes);
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    // A last batch that is not full is left out: batch normalisation would count it too much.
    private IEnumerable<int[]> Schedule(int count, ulong seed) =>
        Enumerable.Range(0, Epochs).SelectMany(epoch =>
            new Randomness(seed, 500 + (ulong)epoch).Choose(count, count).Chunk(Batch).Where(batch => batch.Length == Math.Min(Batch, count)));
}
