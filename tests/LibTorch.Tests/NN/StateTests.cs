using System.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class StateTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_loaded_state_is_copied_into_the_parameters()
    {
        using var from = new Net();
        using var to = new Net();
        var weight = to.get_parameter("fc.weight")!;
        var (missing, unexpected) = to.load_state_dict(from.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        Assert.Same(weight, to.get_parameter("fc.weight"));
        foreach (var (key, value) in from.state_dict()) Close.To(value, to.state_dict()[key], 0);
        Assert.True(weight.requires_grad);
    }

    [Fact]
    public void A_strict_load_refuses_missing_and_unexpected_keys_before_copying_anything()
    {
        using var linear = Linear(2, 1);
        var before = Close.Numbers(linear.weight);
        var state = new Dictionary<string, Tensor> { ["weight"] = ones(1, 2), ["other"] = ones(1) };
        var refused = Assert.Throws<InvalidOperationException>(() => linear.load_state_dict(state));
        Assert.Equal("The loaded state_dict is not identical to the target dictionary.", refused.Message);
        Assert.Equal(before, Close.Numbers(linear.weight));
        var (missing, unexpected) = linear.load_state_dict(state, strict: false);
        Assert.Equal(["bias"], missing);
        Assert.Equal(["other"], unexpected);
        Close.To([1, 1], linear.weight);
    }

    [Fact]
    public void Skipped_keys_are_neither_missing_nor_copied()
    {
        using var linear = Linear(1, 1);
        linear.load_state_dict(new() { ["weight"] = full(1, 1, 7), ["bias"] = full(1, 9) }, skip: ["bias"]);
        Close.To([7], linear.weight);
        Assert.NotEqual(9, Close.Numbers(linear.bias!)[0]);
    }

    [Fact]
    public void The_file_is_a_count_and_then_key_type_shape_and_bytes_of_each_entry()
    {
        using var linear = Linear(Parameter(tensor([1f, 2f]).reshape(1, 2)), Parameter(tensor([3f])));
        using var stream = new MemoryStream();
        linear.save(stream);
        byte[] expected = [2, 6, .. Encoding.UTF8.GetBytes("weight"), 6, 2, 1, 2, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f),
            4, .. Encoding.UTF8.GetBytes("bias"), 6, 1, 1, .. BitConverter.GetBytes(3f)];
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void Lengths_above_127_take_two_bytes()
    {
        using var linear = Linear(300, 1, hasBias: false);
        using var stream = new MemoryStream();
        linear.save(stream);
        Assert.Equal([1, 0xac, 0x02], stream.ToArray()[10..13]);
    }

    [Fact]
    public void A_saved_net_comes_back_to_the_bit()
    {
        using var from = new Net();
        using var to = new Net();
        from.call(Close.Input(2, 1, 4, 4).to(ScalarType.Float32));
        var loaded = new Dictionary<string, bool>();
        to.load(Saved(from), loadedParameters: loaded);
        foreach (var (key, value) in from.state_dict()) Assert.Equal(Close.Numbers(value), Close.Numbers(to.state_dict()[key]));
        Assert.Equal(from.state_dict().Keys, loaded.Keys);
        Assert.All(loaded.Values, Assert.True);
    }

    [Fact]
    public void A_transposed_parameter_is_saved_in_logical_order()
    {
        using var linear = Linear(Parameter(tensor([1f, 2f, 3f, 4f]).reshape(2, 2).t()));
        using var back = Linear(2, 2, hasBias: false);
        back.load(Saved(linear));
        Close.To([1, 3, 2, 4], back.weight, 0);
    }

    [Fact]
    public void A_file_on_disk_makes_a_module()
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName());
        try
        {
            using var net = new Net();
            net.save(path);
            using var made = (Net)Module.Create<Net>(path);
            Close.To(net.get_parameter("fc.bias")!, made.get_parameter("fc.bias")!, 0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_strict_load_refuses_another_number_of_entries_and_other_names_types_and_shapes()
    {
        using var linear = Linear(2, 1);
        Assert.Throws<ArgumentException>(() => linear.load(Saved(Linear(2, 1, hasBias: false))));
        Assert.Throws<ArgumentException>(() => linear.load(Saved(Linear(2, 1).@double())));
        Assert.Throws<ArgumentException>(() => linear.load(Saved(Linear(3, 1))));
        Assert.Throws<ArgumentException>(() => linear.load(Saved(Sequential(Linear(2, 1)))));
    }

    [Fact]
    public void A_lenient_load_passes_over_what_it_does_not_know()
    {
        using var target = Sequential(("a", Linear(2, 1)));
        var loaded = new Dictionary<string, bool>();
        var source = Sequential(("b", Linear(2000, 3)), ("a", Linear(2, 1)));
        target.load(Saved(source), strict: false, loadedParameters: loaded);
        Assert.False(loaded["b.weight"]);
        Close.To(source.get_parameter("a.weight")!, target.get_parameter("a.weight")!, 0);
    }

    [Fact]
    public void A_truncated_file_is_refused_wherever_it_ends()
    {
        using var linear = Linear(2, 1);
        var bytes = Saved(linear).ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => linear.load(new MemoryStream(bytes[..length])));
    }

    [Fact]
    public void A_hostile_length_is_refused_without_an_allocation()
    {
        using var linear = Linear(2, 1);
        byte[] vast = [1, 1, (byte)'x', 6, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x7f];
        Assert.Throws<InvalidDataException>(() => linear.load(new MemoryStream(vast), strict: false));
        byte[] many = [1, 1, (byte)'x', 6, 0xff, 0x7f];
        Assert.Throws<InvalidDataException>(() => linear.load(new MemoryStream(many), strict: false));
    }

    private static MemoryStream Saved(Module module)
    {
        var stream = new MemoryStream();
        module.save(stream);
        stream.Position = 0;
        return stream;
    }
}
