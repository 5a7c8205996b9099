using ModelInspector.Activations;
using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Terminal;

/// <summary>A <c>.npy</c> file that grows batch by batch and takes its row shape from the first; nothing is left behind unless it is completed.</summary>
internal sealed class RowsFile(string path) : IDisposable
{
    private NpyWriter? writer;

    /// <summary>Whether every value so far is 0.</summary>
    public bool IsZero { get; private set; } = true;

    public void Append(Tensor rows)
    {
        var array = Batches.ToArray(rows.Dimensions == 0 ? rows.reshape(1) : rows);
        IsZero &= array.Values.AsSpan().IndexOfAnyExcept(0f) < 0;
        writer ??= NpyWriter.Create(path, array.Shape.RemoveAt(0));
        writer.Append(array.Values, array.Shape[0]);
    }

    public void Complete() =>
        (writer ?? throw new InputException($"There is nothing to write to {path}: the input has no samples.")).Complete();

    public void Dispose() => writer?.Dispose();
}
