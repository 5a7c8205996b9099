using System.Collections.Immutable;
using ModelInspector.Numerics;
using ModelInspector.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>What training an autoencoder gives: the network of its best pass.</summary>
/// <param name="Encoder">Layers up to the bottleneck.</param>
/// <param name="Decoder">Layers after it.</param>
/// <param name="HeldBack">Rows that it never learned from; may be empty.</param>
/// <param name="Best">The best pass, from 1.</param>
/// <param name="Passes">Passes made.</param>
internal sealed record TrainedAutoencoder(DenseLayers Encoder, DenseLayers Decoder, ImmutableArray<int> HeldBack, int Best, int Passes);

/// <summary>Trains on libtorch and takes the weights out as plain numbers; no tensor outlives it.</summary>
internal sealed class AutoencoderTraining : IDisposable
{
    private const ulong SplitStream = 1;
    private const ulong FirstEpochStream = 100;
    // Fewer rows held back than this decide nothing.
    private const int FewestHeldBack = 5;

    private readonly Autoencoder settings;
    private readonly Job job;
    private readonly Matrix data;
    private readonly int[] learned;
    private readonly int[] heldBack;
    private readonly Sequential network;
    private readonly optim.Optimizer optimizer;
    private readonly WarmCosine rate;

    private AutoencoderTraining(Autoencoder settings, Matrix data, Job job)
    {
        (this.settings, this.data, this.job) = (settings, data, job);
        (learned, heldBack) = Split();
        network = nn.Sequential(Layers());
        SeededWeights.Fill(network, job.Seed, gain: 1);
        optimizer = optim.Adam(network.parameters(), settings.Rate);
        rate = new WarmCosine(settings.Rate, settings.Epochs, 0);
    }

    public static TrainedAutoencoder Run(Autoencoder settings, Matrix data, Job job)
    {
        using var scope = NewDisposeScope();
        using var training = new AutoencoderTraining(settings, data, job);
        return training.Train();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        network.Dispose();
    }

    private TrainedAutoencoder Train()
    {
        var (best, lowest, layers, pass) = (0, double.PositiveInfinity, Current(), 0);
        while (pass < settings.Epochs && pass - best < settings.Patience)
        {
            Learn(pass++);
            var error = Error(heldBack.Length > 0 ? heldBack : learned);
            job.Report("autoencoder", pass, settings.Epochs, $"error {error:0.000}");
            if (error < lowest) (lowest, best, layers) = (error, pass, Current());
        }
        if (!double.IsFinite(lowest)) throw new InputException(
            $"autoencoder: the error is no number after {pass} passes at rate={settings.Rate}. Set a smaller rate.");
        var encoder = settings.Depth + 1;
        return new TrainedAutoencoder(new(layers.Layers[..encoder]), new(layers.Layers[encoder..]), [.. heldBack], best, pass);
    }

    private void Learn(int pass)
    {
        rate.Apply(optimizer, pass);
        foreach (var batch in new Randomness(job.Seed, FirstEpochStream + (ulong)pass).Choose(learned.Length, learned.Length).Chunk(settings.Batch))
        {
            using var scope = NewDisposeScope();
            var rows = Rows([.. batch.Select(index => learned[index])]);
            optimizer.zero_grad();
            nn.functional.mse_loss(network.call(rows), rows).backward();
            optimizer.step();
        }
    }

    private double Error(int[] indices)
    {
        using var frozen = no_grad();
        var sum = 0.0;
        foreach (var chunk in indices.Chunk(4096))
        {
            using var scope = NewDisposeScope();
            var rows = Rows(chunk);
            sum += chunk.Length * (double)nn.functional.mse_loss(network.call(rows), rows).item<float>();
        }
        return sum / indices.Length;
    }

    private DenseLayers Current() => DenseLayers.Of(network.children().OfType<Linear>());

    private Tensor Rows(int[] indices)
    {
        var values = new float[indices.Length * data.Columns];
        for (var i = 0; i < indices.Length; i++) data.Row(indices[i]).CopyTo(values.AsSpan(i * data.Columns));
        return tensor(values).reshape(indices.Length, data.Columns);
    }

    private (int[] Learned, int[] HeldBack) Split()
    {
        var count = (int)(data.Rows * settings.Validation);
        var order = new Randomness(job.Seed, SplitStream).Choose(data.Rows, data.Rows);
        return count < FewestHeldBack ? (order, []) : (order[count..], order[..count]);
    }

    private IEnumerable<nn.Module<Tensor, Tensor>> Layers()
    {
        int[] encoder = [data.Columns, .. Enumerable.Range(0, settings.Depth).Select(settings.Width), settings.Bottleneck];
        int[] widths = [.. encoder, .. encoder.Reverse().Skip(1)];
        for (var layer = 1; layer < widths.Length; layer++)
        {
            yield return nn.Linear(widths[layer - 1], widths[layer]);
            if (layer != settings.Depth + 1 && layer != widths.Length - 1) yield return nn.ELU();
        }
    }
}
