using System.Collections.Immutable;
using ModelInspector.Numerics;
using ModelInspector.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>How an autoencoder is trained, whatever its layers are.</summary>
/// <param name="Method">Name in messages.</param>
/// <param name="Codes">Numbers of the bottleneck.</param>
/// <param name="Epochs">Most passes.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Rate">Learning rate at the start.</param>
/// <param name="Validation">Share of the rows held back.</param>
/// <param name="Patience">Passes without improvement after which it stops.</param>
/// <param name="Noise">Standard deviation of the noise that the network must take off.</param>
/// <param name="Beta">Weight of the codes' divergence from a standard normal; 0 for no variational training.</param>
internal sealed record Schedule(string Method, int Codes, int Epochs, int Batch, double Rate, double Validation, int Patience, double Noise, double Beta)
{
    /// <summary>Numbers that the encoder gives: for a variational one the logarithms of the variances too.</summary>
    public int Outputs => Beta > 0 ? 2 * Codes : Codes;
}

/// <summary>What training an autoencoder gives: the network of its best pass.</summary>
/// <param name="Encoder">Weights up to the bottleneck, in the order of the layers.</param>
/// <param name="Decoder">Weights after it.</param>
/// <param name="HeldBack">Rows that it never learned from; may be empty.</param>
/// <param name="Best">The best pass, from 1.</param>
/// <param name="Passes">Passes made.</param>
internal sealed record TrainedAutoencoder(ImmutableArray<Matrix> Encoder, ImmutableArray<Matrix> Decoder, ImmutableArray<int> HeldBack, int Best, int Passes);

/// <summary>Trains on libtorch and takes the weights out as plain numbers; no tensor outlives it.</summary>
internal sealed class AutoencoderTraining : IDisposable
{
    private const ulong SplitStream = 1, DecoderStream = 0xDEC0DE, NoiseStream = 1UL << 40, CodeStream = 1UL << 41, FirstEpochStream = 100;
    // Fewer rows held back than this decide nothing.
    private const int FewestHeldBack = 5;
    // Below this many multiplications a step, threads wait for each other longer than they work.
    private const long FewestForThreads = 100_000_000;

    private readonly Schedule schedule;
    private readonly Job job;
    private readonly Sequential encoder, decoder;
    private readonly Tensor rows; // (n, …), standardised
    private readonly int[] learned, heldBack;
    private readonly Parameter[] parameters;
    private readonly optim.Optimizer optimizer;
    private readonly WarmCosine rate;

    private AutoencoderTraining(Schedule schedule, (Sequential Encoder, Sequential Decoder) network, Tensor rows, Job job)
    {
        (this.schedule, encoder, decoder, this.rows, this.job) = (schedule, network.Encoder, network.Decoder, rows, job);
        (learned, heldBack) = Split((int)rows.shape[0]);
        SeededWeights.Fill(encoder, job.Seed, gain: 1);
        SeededWeights.Fill(decoder, job.Seed ^ DecoderStream, gain: 1);
        parameters = [.. encoder.parameters(), .. decoder.parameters()];
        optimizer = optim.Adam(parameters, schedule.Rate);
        rate = new WarmCosine(schedule.Rate, schedule.Epochs, 0);
    }

    /// <summary>Trains a network that <paramref name="build"/> makes.</summary>
    /// <param name="schedule">How.</param>
    /// <param name="build">Makes encoder and decoder.</param>
    /// <param name="data">Standardised rows.</param>
    /// <param name="shape">Shape of one row as the encoder takes it.</param>
    /// <param name="cost">Multiplications for one row, roughly.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    public static TrainedAutoencoder Run(Schedule schedule, Func<(Sequential, Sequential)> build, Matrix data, ImmutableArray<long> shape, long cost, Job job)
    {
        using var threads = new ThreadLimit(cost * schedule.Batch < FewestForThreads);
        using var scope = NewDisposeScope();
        using var training = new AutoencoderTraining(schedule, build(), tensor(data.Values).reshape([data.Rows, .. shape]), job);
        return training.Train();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        encoder.Dispose();
        decoder.Dispose();
    }

    private TrainedAutoencoder Train()
    {
        var (best, lowest, pass) = (0, double.PositiveInfinity, 0);
        var (into, outOf) = (Weights.Of(encoder), Weights.Of(decoder));
        while (pass < schedule.Epochs && pass - best < schedule.Patience)
        {
            Learn(pass++);
            var error = Error(heldBack.Length > 0 ? heldBack : learned);
            job.Report(schedule.Method, pass, schedule.Epochs, $"error {error:0.000}");
            if (error < lowest) (lowest, best, into, outOf) = (error, pass, Weights.Of(encoder), Weights.Of(decoder));
        }
        if (!double.IsFinite(lowest)) throw new InputException(
            $"{schedule.Method}: the error is no number after {pass} passes at rate={schedule.Rate}. Set a smaller rate.");
        return new TrainedAutoencoder(into, outOf, [.. heldBack], best, pass);
    }

    private void Learn(int pass)
    {
        rate.Apply(optimizer, pass);
        var order = new Randomness(job.Seed, FirstEpochStream + (ulong)pass).Choose(learned.Length, learned.Length);
        foreach (var (step, batch) in order.Chunk(schedule.Batch).Index())
        {
            job.Cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var wanted = Take([.. batch.Select(index => learned[index])]);
            var address = ((ulong)pass << 24) + (ulong)step;
            optimizer.zero_grad();
            Loss(Noisy(wanted, address), wanted, address).backward();
            optimizer.step();
        }
    }

    private double Error(int[] indices)
    {
        using var frozen = no_grad();
        var sum = 0.0;
        foreach (var chunk in indices.Chunk(1024))
        {
            using var scope = NewDisposeScope();
            var wanted = Take(chunk);
            sum += chunk.Length * (double)Loss(wanted, wanted, null).item<float>();
        }
        return sum / indices.Length;
    }

    // Without an address nothing is drawn: the codes are the means.
    private Tensor Loss(Tensor given, Tensor wanted, ulong? address)
    {
        var codes = encoder.call(given);
        if (schedule.Beta == 0) return nn.functional.mse_loss(decoder.call(codes), wanted);
        var (mean, logVariance) = (codes.narrow(1, 0, schedule.Codes), codes.narrow(1, schedule.Codes, schedule.Codes));
        var drawn = address is { } at ? mean + (logVariance / 2).exp() * Drawn(mean.shape, CodeStream, at) : mean;
        var divergence = (mean * mean + logVariance.exp() - logVariance - 1).sum(1).mean() / 2;
        // In units of the mean squared error: half the sum of squares is what the divergence weighs against.
        return nn.functional.mse_loss(decoder.call(drawn), wanted) + divergence * (2 * schedule.Beta * wanted.shape[0] / wanted.NumberOfElements);
    }

    private Tensor Noisy(Tensor wanted, ulong address) =>
        schedule.Noise == 0 ? wanted : wanted + Drawn(wanted.shape, NoiseStream, address) * schedule.Noise;

    private Tensor Drawn(long[] shape, ulong stream, ulong address)
    {
        var source = new Randomness(job.Seed, stream + address);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        RowParallel.Run(values.Length, 1 << 14, (_, from, to) =>
        {
            for (var i = from; i < to; i++) values[i] = (float)source.Normal((ulong)i);
        });
        return tensor(values).reshape(shape);
    }

    private Tensor Take(int[] indices) => rows.index_select(0, tensor(Array.ConvertAll(indices, index => (long)index)));

    private (int[] Learned, int[] HeldBack) Split(int count)
    {
        var held = (int)(count * schedule.Validation);
        var order = new Randomness(job.Seed, SplitStream).Choose(count, count);
        return held < FewestHeldBack ? (order, []) : (order[held..], order[..held]);
    }
}
