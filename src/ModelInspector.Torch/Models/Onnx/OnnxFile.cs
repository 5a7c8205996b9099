using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>An open ONNX file: its structure, and its tensors on demand.</summary>
internal sealed class OnnxFile : IDisposable
{
    private readonly MappedFile bytes;
    private readonly ExternalData external;
    private readonly TensorValues values;

    public OnnxFile(string path, Device device)
    {
        (Name, Device) = (Path.GetFileName(path), device);
        bytes = new MappedFile(path);
        external = new ExternalData(path);
        values = new TensorValues(Name, bytes, external, device);
        try
        {
            Model = OnnxReader.Read(Name, bytes.Bytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>Where its values go.</summary>
    public Device Device { get; }

    public ModelProto Model { get; }

    /// <summary>Element types of the tensors that were read.</summary>
    public IReadOnlySet<ElementType> Types => values.Types;

    /// <summary>Hash of the file and of every file that it took weights from.</summary>
    public string Sha256() => external.Sha256(bytes);

    /// <summary>A tensor's values, as the type we compute with.</summary>
    public Tensor Tensor(TensorProto tensor) => values.Of(tensor);

    public void Dispose()
    {
        bytes.Dispose();
        external.Dispose();
    }
}
