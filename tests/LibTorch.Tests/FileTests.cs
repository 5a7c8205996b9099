using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class FileTests
{
    // Element type 6 (Float32), rank 2, extents 1 and 2, then 1.0f and 2.0f.
    private static readonly byte[] Known = [6, 2, 1, 2, 0, 0, 128, 63, 0, 0, 0, 64];

    [Fact]
    public void A_tensor_is_written_as_type_rank_extents_and_elements()
    {
        using var stream = new MemoryStream();
        using var x = tensor(new float[,] { { 1, 2 } });
        x.Save(stream);
        Assert.Equal(Known, stream.ToArray());
    }

    [Fact]
    public void Known_bytes_are_read()
    {
        using var x = Tensor.Load(new MemoryStream(Known));
        Assert.Equal([1, 2], x.shape);
        Elements(x, 1, 2);
    }

    [Fact]
    public void A_tensor_survives_the_way_through_a_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            using var scope = NewDisposeScope();
            foreach (var x in new[] { M23.T, tensor(true), zeros(0, 3), L(1, -1), D(1).requires_grad_() })
            {
                save(x, path);
                Assert.True(x.detach().Equals(load(path)));
                x.save(path);
                Assert.True(x.detach().Equals(Tensor.Load(path)));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_tensor_can_be_filled_from_a_file_or_skip_it()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 2);
        using var reader = new BinaryReader(new MemoryStream([.. Known, .. Known]));
        x.Load(reader, skip: true);
        Elements(x, 0, 0);
        x.Load(reader);
        Elements(x, 1, 2);
        using var again = new BinaryReader(new MemoryStream(Known));
        Assert.Contains("[1, 2]", Assert.Throws<ArgumentException>(() => zeros(3).Load(again)).Message);
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "nothing", [] },
        { "only a type", [6] },
        { "no such type", [99, 1, 1, 0] },
        { "too many dimensions", [6, 100, 1] },
        { "a negative extent", [6, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0] },
        { "a shape larger than the file", [6, 1, 255, 255, 255, 255, 127, 0] },
        { "a shape larger than any file", [6, 3, 255, 255, 255, 255, 127, 255, 255, 255, 255, 127, 255, 255, 255, 255, 127] },
        { "a number that does not end", [255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255] },
        { "elements cut off", [6, 1, 2, 0, 0, 128] },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_is_refused_in_one_sentence(string name, byte[] bytes)
    {
        Assert.NotEmpty(name);
        var error = Assert.Throws<InvalidDataException>(() => Tensor.Load(new MemoryStream(bytes)));
        Assert.DoesNotContain('\n', error.Message);
    }
}
