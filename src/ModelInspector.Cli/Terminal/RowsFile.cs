using ModelInspector.Activations;
using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Cli.Terminal;

/// <summary>A <c>.npy</c> file that grows batch by batch and takes its row shape from the first; nothing is left behind unless it is completed.</summary>
internal sealed class RowsFile(string path) : IDisposable
{
    private NpyWriter? writer;

    public void Append(Tensor rows)
    {
        var array = Batches.ToArray(rows.Dimensions == 0 ? rows.reshape(1) : rows);
        writer ??= NpyWriter.Create(path, array.Shape.RemoveAt(0));
        writer.Append(array.Values, array.Shape[0]);
    }

    public void Complete() =>
        (writer ?? throw new InputException($"There is nothing to write to {path}: the input has no samples.")).Complete();

    public void Dispose() => writer?.Dispose();
}
