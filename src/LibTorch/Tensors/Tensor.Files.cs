using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public static void save(Tensor t, string location) => t.save(location);

    public static Tensor load(string location) => Tensor.load(location);

    public partial class Tensor
    {
        public void save(string location) => this.Save(location);

        public static Tensor load(string location) => Load(location);

        public static Tensor Load(BinaryReader reader) => TensorFile.Read(reader);

        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            return Load(reader);
        }

        public static Tensor Load(string location)
        {
            using var stream = File.OpenRead(location);
            return Load(stream);
        }

        /// <summary>The elements as nested lists, or one value for a tensor without dimensions.</summary>
        public object tolist()
        {
            if (Dimensions == 0) return Single();
            var list = new List<object>();
            foreach (var row in unbind())
            {
                list.Add(row.tolist());
                row.Dispose();
            }
            return list;
        }

        private object Single() => dtype switch
        {
            ScalarType.Float32 => item<float>(),
            ScalarType.Float64 => item<double>(),
            ScalarType.Float16 => item<Half>(),
            ScalarType.Int64 => item<long>(),
            ScalarType.Int32 => item<int>(),
            ScalarType.Int16 => item<short>(),
            ScalarType.Int8 => item<sbyte>(),
            ScalarType.Byte => item<byte>(),
            ScalarType.Bool => item<bool>(),
            ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64 => this.ToComplexFloat64(),
            _ => this.ToDouble(),
        };
    }
}

public static partial class TensorExtensionMethods
{
    public static void Save(this torch.Tensor tensor, BinaryWriter writer) => TensorFile.Write(tensor, writer);

    public static void Save(this torch.Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        tensor.Save(writer);
    }

    public static void Save(this torch.Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    /// <summary>Fills the tensor from a file; with <paramref name="skip"/> only reads past the data.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false) => TensorFile.ReadInto(tensor, reader, skip);

    /// <summary>Reads a tensor; with <paramref name="skip"/> the data is read and dropped, and the result is invalid.</summary>
    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        var tensor = TensorFile.Read(reader);
        if (skip) tensor.Dispose();
        return tensor;
    }

    public static void Load(ref torch.Tensor tensor, BinaryReader reader, bool skip = false) => TensorFile.ReadInto(tensor, reader, skip);
}
