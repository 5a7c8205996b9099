using System.Diagnostics;
using ModelInspector.Models.Weights;
using ModelInspector.Torch.Tests.Modules;
using ModelInspector.Torch.Tests.TorchScript;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Weights;

/// <summary>Files of weights: all formats give the same network, and none gives anything else.</summary>
public class WeightsTests
{
    private static readonly string[] Formats = ["safetensors", "zip", "checkpoint", "legacy", "dat", "parallel"];

    public static TheoryData<string> All => [.. Formats];

    [Theory]
    [MemberData(nameof(All))]
    public void A_network_gives_with_saved_weights_what_it_gave_when_they_were_saved(string format)
    {
        using var scope = NewDisposeScope();
        using var file = new TemporaryFile(".weights");
        var input = Drawn.Normal(1, 2, 1, 16, 16);
        var expected = Example.Made("SmallNet", module =>
        {
            File.WriteAllBytes(file.Path, Saved(format, module));
            module.eval();
            using var quiet = no_grad();
            return module.call(input).MoveToOuterDisposeScope();
        });
        using var model = Example.Open("SmallNet", file.Path);
        Assert.True(model.Run(input).First.allclose(expected, 1e-6, 1e-6));
        using var other = Example.Open("SmallNet");
        Assert.NotEqual(other.Graph.Sha256, model.Graph.Sha256);
    }

    private static byte[] Saved(string format, nn.Module module)
    {
        var state = module.state_dict();
        using var stream = new MemoryStream();
        if (format == "dat") module.save(stream);
        return format switch
        {
            "safetensors" => SafeWriter.Of(state),
            "zip" => PickleWriter.Zip(state),
            "checkpoint" => PickleWriter.Zip(state, "state_dict"),
            "legacy" => PickleWriter.Legacy(state),
            "parallel" => PickleWriter.Zip(state.Select(entry => KeyValuePair.Create("module." + entry.Key, entry.Value))),
            _ => stream.ToArray(),
        };
    }

    [Fact]
    public void Missing_further_and_differently_shaped_tensors_are_named()
    {
        using var file = new TemporaryFile(".pth");
        Example.Made("SmallNet", module =>
        {
            var state = module.state_dict();
            state.Remove("head.bias");
            state["extra.weight"] = ones(2);
            state["stem.conv.weight"] = ones(4, 3, 3, 3);
            File.WriteAllBytes(file.Path, PickleWriter.Zip(state));
            return 0;
        });
        var message = Example.Refusal("SmallNet", file.Path);
        Assert.Contains("lacks `head.bias`", message, StringComparison.Ordinal);
        Assert.Contains("has besides `extra.weight`", message, StringComparison.Ordinal);
        Assert.Contains("`stem.conv.weight` is (4, 3, 3, 3), expected (4, 1, 3, 3)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cos\nsystem\nX\u0004\0\0\0true\u0085R.", "asks for `os.system`")]
    [InlineData("cbuiltins\neval\nX\u0001\0\0\01\u0085R.", "asks for `builtins.eval`")]
    [InlineData("csubprocess\nPopen\n)R.", "asks for `subprocess.Popen`")]
    [InlineData("ctorch.nn.modules.linear\nLinear\n)\u0081.", "asks for `torch.nn.modules.linear.Linear`")]
    [InlineData("(ios\nsystem\n.", "has the pickle operation 0x69")]
    [InlineData("ccollections\nOrderedDict\n)\u0081.", "has the pickle operation 0x81")]
    public void A_pickle_that_asks_for_more_than_tensors_is_refused_and_not_executed(string body, string reason)
    {
        byte[] pickle = [0x80, 2, .. System.Text.Encoding.Latin1.GetBytes(body)];
        Assert.Contains(reason, Refusal(PickleWriter.Holding(pickle)), StringComparison.Ordinal);
        Assert.Contains(reason, Refusal([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', 0x80, 2, (byte)'M', 0xe9, 3, (byte)'.', .. pickle]), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_happen_to_begin_like_a_pickle_are_read_as_what_they_are()
    {
        using var scope = NewDisposeScope();
        var header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".PadRight(640);
        Assert.Equal("w", Assert.Single(Opened(SafeWriter.With(header, [0, 0, 128, 63])).Keys));
        foreach (var count in new[] { 128, 256, 384, 640 })
        {
            using var many = new TorchSharp.Modules.ParameterList([.. Enumerable.Range(0, count).Select(k => new TorchSharp.Modules.Parameter(full([2], k)))]);
            using var stream = new MemoryStream();
            many.save(stream);
            Assert.Equal(count, Opened(stream.ToArray()).Count);
        }
    }

    [Fact]
    public void An_old_checkpoint_keeps_its_optimizers_data_apart()
    {
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] state = [KeyValuePair.Create("w", ones(3)), KeyValuePair.Create("b", full([2], 5f))];
        KeyValuePair<string, Tensor>[] optimizer = [KeyValuePair.Create("momentum", zeros(7)), KeyValuePair.Create("steps", ones(1, ScalarType.Int64))];
        using var file = new TemporaryFile(".pth");
        File.WriteAllBytes(file.Path, PickleWriter.Legacy(optimizer, state));
        var stored = WeightsFile.Open(file.Path);
        Assert.Equal(["b", "w"], stored.Keys.Order());
        using var b = stored["b"].Read();
        Assert.Equal([5f, 5f], b.data<float>().ToArray());
    }

    [Theory]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1099511627776],\"data_offsets\":[0,4398046511104]}}", "bytes that are not there")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "bytes that are not there")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "bytes that are not there")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],\"data_offsets\":[0,4]}}", "bytes that are not there")]
    [InlineData("{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "has `1.5` where a size or place is expected")]
    [InlineData("{\"w\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,4]}}", "element type C64")]
    [InlineData("{\"w\":{\"shape\":[1]}}", "without type, shape or place")]
    [InlineData("{\"w\":", "no JSON")]
    [InlineData("{}", "holds no tensor")]
    public void Safetensors_that_declare_what_they_do_not_hold_are_refused(string header, string reason) =>
        Assert.Contains(reason, Refusal(SafeWriter.With(header, [0, 0, 0, 0])), StringComparison.Ordinal);

    [Fact]
    public void Stored_data_is_found_inside_the_archive_only_and_never_unpacked()
    {
        using var scope = NewDisposeScope();
        var honest = PickleWriter.Zip([KeyValuePair.Create("w", ones(3))]);
        // The key of the stored data leads out of the archive.
        var escaping = Replaced(honest, "X\u0001\0\0\00", "X\u0001\0\0\0/");
        Assert.Contains("has no stored data `archive/data//`", Refusal(escaping), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_larger_than_its_data_is_refused()
    {
        using var scope = NewDisposeScope();
        var honest = PickleWriter.Zip([KeyValuePair.Create("w", ones(3))]);
        Assert.Contains("larger than the data stored for it", Refusal(Replaced(honest, "(J\u0003\0\0\0t", "(J\u0003\0\0\u0040t")), StringComparison.Ordinal);
    }

    // The archive's checksum of the pickle is not compared, so that a byte can be changed in place.
    private static byte[] Replaced(byte[] file, string from, string to)
    {
        var at = file.AsSpan().IndexOf(System.Text.Encoding.Latin1.GetBytes(from));
        Assert.True(at >= 0);
        System.Text.Encoding.Latin1.GetBytes(to).CopyTo(file.AsSpan(at));
        return file;
    }

    [Fact]
    public void Mutated_files_are_read_or_refused_and_nothing_else_happens()
    {
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] state = [KeyValuePair.Create("conv.weight", Drawn.Even(1, 4, 1, 3, 3)), KeyValuePair.Create("bn.count", ones(1, ScalarType.Int64))];
        byte[][] seeds = [SafeWriter.Of(state), PickleWriter.Zip(state), PickleWriter.Legacy(state), PickleWriter.Zip(state, "model"), Example.Made("SmallNet", module => Saved("dat", module))];
        var random = new Random(11);
        using var file = new TemporaryFile(".weights");
        for (var round = 0; round < Mutation.Rounds(1500); round++)
        {
            File.WriteAllBytes(file.Path, Mutation.Of(seeds[round % seeds.Length], random));
            var (watch, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            Attempt(file.Path);
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"round {round} took {watch.Elapsed}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, $"round {round} allocated {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes");
        }
    }

    private static void Attempt(string path)
    {
        try
        {
            foreach (var stored in WeightsFile.Open(path).Values) stored.Read().Dispose();
        }
        catch (Exception error) when (error is InputException or InvalidDataException or EndOfStreamException)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    [Fact]
    public void A_missing_and_an_empty_file_are_told_apart()
    {
        using var file = new TemporaryFile(".pth");
        Assert.Contains("does not exist", Example.Refusal("SmallNet", file.Path), StringComparison.Ordinal);
        File.WriteAllBytes(file.Path, []);
        Assert.Contains("is empty", Example.Refusal("SmallNet", file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_ends_early_is_said_to_be_cut_short()
    {
        using var scope = NewDisposeScope();
        // Count of tensors, length of the first name, the name: then nothing.
        var whole = Example.Made("SmallNet", module => Saved("dat", module));
        Assert.Contains("it is cut short", Refusal(whole[..(2 + whole[1])]), StringComparison.Ordinal);
    }

    private static IReadOnlyDictionary<string, StoredTensor> Opened(byte[] bytes)
    {
        using var file = new TemporaryFile(".weights");
        File.WriteAllBytes(file.Path, bytes);
        return WeightsFile.Open(file.Path);
    }

    private static string Refusal(byte[] bytes)
    {
        using var file = new TemporaryFile(".pth");
        File.WriteAllBytes(file.Path, bytes);
        return Assert.Throws<InputException>(() => WeightsFile.Open(file.Path)).Message;
    }
}
