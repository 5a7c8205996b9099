using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Numbers of a tensor, in order.</summary>
internal static class Reading
{
    public static float[] Floats(Tensor values) => Batches.ToArray(values).Values;

    public static double[] Doubles(Tensor values) => [.. Floats(values).Select(value => (double)value)];
}

/// <summary>Keeps the notes that a job tells.</summary>
internal sealed class Told(List<string?> notes) : IProgress<Step>
{
    public void Report(Step value) => notes.Add(value.Note);
}
