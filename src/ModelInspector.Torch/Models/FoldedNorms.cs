using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>A convolution that does the batch normalisation behind it as well.</summary>
/// <param name="Norm">Index of the normalisation's step, whose output it gives.</param>
/// <param name="Kernel">Runs on the convolution's inputs.</param>
/// <param name="Owned">Weights of its own.</param>
internal sealed record FoldedNorm(int Norm, Kernel Kernel, ImmutableArray<Tensor> Owned);

/// <summary>
/// The batch normalisations of a program that can be run as part of the convolution before them: (w * x + b) s + t is w s * x + (b s + t). Weights are multiplied in
/// double precision, once. The copies take 16 MB at most, or a tenth of the network's weights where that is more; the smallest weights come first, because
/// behind those a normalisation takes the largest share of the time.
/// </summary>
internal sealed class FoldedNorms : IDisposable
{
    private const long AlwaysAllowed = 16 << 20;

    private static readonly HashSet<string> Convolutions = ["Conv", "aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::_convolution"];
    private static readonly HashSet<string> Norms = ["BatchNormalization", "aten::batch_norm"];

    private readonly GraphProgram program;
    private readonly Dictionary<int, FoldedNorm> folds = [];

    public FoldedNorms(GraphProgram program)
    {
        this.program = program;
        using var quiet = no_grad();
        var left = Math.Max(AlwaysAllowed, program.Constants.Values.OfType<Tensor>().Sum(Bytes) / 10);
        foreach (var (convolution, norm, weight) in Pairs().OrderBy(pair => Bytes(pair.Weight)).TakeWhile(pair => (left -= Bytes(pair.Weight)) >= 0))
            if (Folded(convolution, norm, weight) is { } fold) folds[convolution] = fold;
    }

    /// <summary>What to run in place of a step, if it is a convolution that a normalisation is folded into.</summary>
    public FoldedNorm? At(int step) => folds.GetValueOrDefault(step);

    /// <summary>How many there are.</summary>
    public int Count => folds.Count;

    public void Dispose()
    {
        foreach (var tensor in folds.Values.SelectMany(fold => fold.Owned)) tensor.Dispose();
    }

    private static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();

    private IEnumerable<(int Convolution, int Norm, Tensor Weight)> Pairs()
    {
        var readers = program.Steps.SelectMany(step => step.Inputs).Concat(program.Outputs).CountBy(slot => slot).ToDictionary();
        var producers = new Dictionary<int, int>();
        foreach (var (index, step) in program.Steps.Index())
        {
            if (IsNorm(step) && readers[step.Inputs[0]] == 1 && producers.TryGetValue(step.Inputs[0], out var convolution) && Weight(program.Steps[convolution]) is { } weight)
                yield return (convolution, index, weight);
            foreach (var slot in step.Outputs) producers[slot] = index;
        }
    }

    private bool IsNorm(ProgramStep step) =>
        step.Layer is not null && Norms.Contains(step.Layer.Op) && step.Outputs.Length == 1 && step.Inputs.Skip(1).All(program.Constants.ContainsKey);

    // Real weights (outputs, inputs, …) that the file holds; all further inputs are constants as well.
    private Tensor? Weight(ProgramStep step) =>
        step.Layer is not null && Convolutions.Contains(step.Layer.Op) && step.Outputs.Length == 1 && step.Inputs.Skip(1).All(slot => slot < 0 || program.Constants.ContainsKey(slot))
        && step.Inputs.Length is 2 or 3 && program.Constants.GetValueOrDefault(step.Inputs[1]) is Tensor { dtype: ScalarType.Float32, Dimensions: > 2 } weight ? weight : null;

    private FoldedNorm? Folded(int convolution, int norm, Tensor weight)
    {
        using var scope = NewDisposeScope();
        if (AffineOf(program.Steps[norm], weight) is not var (scale, shift)) return null;
        var step = program.Steps[convolution];
        var bias = step.Inputs.Length == 3 && step.Inputs[2] >= 0 ? program.Constants[step.Inputs[2]] as Tensor : null;
        if (bias is not null && bias.numel() != weight.shape[0]) return null;                          // the convolution says itself what is wrong
        var folded = Single(weight.to(ScalarType.Float64) * scale.reshape(PerOutput(weight)));
        var added = Single(bias is null ? shift : (bias.to(ScalarType.Float64) * scale) + shift);
        return new(norm, TakesBias(step) ? inputs => step.Kernel([inputs[0], folded, added]) : Adding(step, folded, added, PerOutput(weight)[2..]), [folded, added]);
    }

    // A TorchScript step reads no slot for a bias that is none: then there is nowhere to hand it in.
    private static bool TakesBias(ProgramStep convolution) => convolution.Inputs.Length == 3 || convolution.Layer!.Op == "Conv";

    private static Kernel Adding(ProgramStep convolution, Tensor weight, Tensor added, long[] shape) => inputs =>
    {
        var outputs = convolution.Kernel([inputs[0], weight]);
        if (outputs[0] is Tensor output) output.add_(added.reshape([added.numel(), .. shape]));
        return outputs;
    };

    private static long[] PerOutput(Tensor weight) => [-1, .. Enumerable.Repeat(1L, (int)weight.Dimensions - 1)];

    private static Tensor Single(Tensor exact) => exact.to(ScalarType.Float32).contiguous().DetachFromDisposeScope();

    /// <summary>Scale and shift of each channel, asked of the normalisation itself; null where it is not the same line whatever else is in the batch.</summary>
    private (Tensor Scale, Tensor Shift)? AffineOf(ProgramStep norm, Tensor weight)
    {
        try
        {
            var (one, other) = (Answers(norm, weight, 2), Answers(norm, weight, 5));                  // (3, channels)
            var (shift, scale) = (one[0], one[1] - one[0]);
            return one[2].allclose(shift + (2 * scale)) && other[2].allclose(shift + (5 * scale)) && scale.isfinite().all().item<bool>() ? (scale, shift) : null;
        }
        catch (Exception error) when (error is ExternalException or InputException or ArgumentException or InvalidOperationException)
        {
            // Then it is run as it stands, and says itself what is wrong.
            return null;
        }
    }

    private Tensor Answers(ProgramStep norm, Tensor weight, double last)
    {
        var probe = tensor([0, 1, last], ScalarType.Float64, weight.device).reshape(PerOutput(weight)).expand([3, weight.shape[0], .. PerOutput(weight)[2..]]).contiguous();
        object?[] inputs = [probe, .. norm.Inputs.Skip(1).Select(slot => program.Constants[slot] is Tensor setting ? setting.to(ScalarType.Float64) : program.Constants[slot])];
        return ((Tensor)norm.Kernel(inputs)[0]!).reshape(3, -1);
    }
}
