using ModelInspector.Capture;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Inspection.Cards;

/// <summary>What the units of one layer give over the probe samples: mean and peak of each sample, and a sketch of all values.</summary>
internal sealed class ProbedUnits
{
    // Sampled evenly over positions; with fewer values than this, none is left out.
    private const int ValuesAUnit = 1 << 17;

    private readonly Randomness random;
    private readonly int taken;
    private readonly int positions;
    private readonly QuantileSketch[] sketches;

    /// <summary>Room for the units of a layer.</summary>
    /// <param name="samples">Probe samples.</param>
    /// <param name="units">Units of the layer.</param>
    /// <param name="positions">Positions of a unit.</param>
    /// <param name="seed">Decides which positions count.</param>
    public ProbedUnits(int samples, int units, int positions, ulong seed)
    {
        (random, this.positions, taken) = (new Randomness(seed, 0x0905), positions, (int)Math.Min(positions, Math.Max(1, ValuesAUnit / samples)));
        (Means, Peaks) = (new Matrix(samples, units), new Matrix(samples, units));
        sketches = [.. Enumerable.Range(0, units).Select(unit => new QuantileSketch(seed: seed + (ulong)unit))];
    }

    /// <summary>(samples, units): mean over positions.</summary>
    public Matrix Means { get; }

    /// <summary>(samples, units): the largest value.</summary>
    public Matrix Peaks { get; }

    /// <summary>Values a unit that the quantile rests on, and of how many.</summary>
    public (long Used, long All) Values => ((long)Means.Rows * taken, (long)Means.Rows * positions);

    /// <summary>Error of the quantile's rank with 99 % probability.</summary>
    public double RankError => sketches.Max(sketch => sketch.RankError) + (taken == positions ? 0 : 2.576 * Math.Sqrt(CardStage.Quantile * (1 - CardStage.Quantile) / Values.Used));

    /// <summary>Takes in one batch.</summary>
    /// <param name="first">Row of its first sample.</param>
    /// <param name="activation">(n, units, positions).</param>
    public void Add(int first, Tensor activation)
    {
        var (mean, peak) = (Batches.ToArray(activation.mean([2])), Batches.ToArray(activation.amax(2)));
        mean.Values.CopyTo(Means.Values, first * Means.Columns);
        peak.Values.CopyTo(Peaks.Values, first * Peaks.Columns);
        var values = Batches.ToArray(taken == positions ? activation : activation.gather(2, Places(first, activation)));
        RowParallel.Run(sketches.Length, 8, (_, from, to) =>
        {
            for (var unit = from; unit < to; unit++)
                for (var i = 0; i < values.Shape[0]; i++) sketches[unit].Add(values[i].Slice(unit * taken, taken));
        });
    }

    /// <summary>The quantile of every unit's values.</summary>
    public float[] Thresholds() => [.. sketches.Select(sketch => sketch.Quantile(CardStage.Quantile))];

    // One from each of as many equal stretches, somewhere in it: even, but never in step with the rows.
    private Tensor Places(int first, Tensor activation)
    {
        var (samples, units) = (activation.shape[0], activation.shape[1]);
        var places = new long[samples * taken];
        for (var i = 0; i < samples; i++)
            for (var k = 0; k < taken; k++)
                places[i * taken + k] = (long)((k + random.Uniform((ulong)((first + i) * (long)taken + k))) * positions / taken);
        return tensor(places, device: activation.device).reshape(samples, 1, taken).expand(samples, units, taken); // (n, units, taken)
    }
}
