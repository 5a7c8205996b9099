using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Weights;

/// <summary>Writes safetensors.</summary>
internal static class SafeWriter
{
    public static byte[] Of(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var (header, data) = (new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } }, new MemoryStream());
        foreach (var (name, tensor) in state)
        {
            var begin = data.Length;
            using var whole = tensor.detach().contiguous();
            data.Write(tensor.dtype == ScalarType.Int64 ? MemoryMarshal.AsBytes(whole.data<long>().ToArray().AsSpan()) : MemoryMarshal.AsBytes(whole.data<float>().ToArray().AsSpan()));
            header[name] = new { dtype = tensor.dtype == ScalarType.Int64 ? "I64" : "F32", shape = tensor.shape, data_offsets = new[] { begin, data.Length } };
        }
        return With(JsonSerializer.Serialize(header), data.ToArray());
    }

    public static byte[] With(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json, .. data];
    }
}
