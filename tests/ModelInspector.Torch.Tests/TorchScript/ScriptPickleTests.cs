using System.Text;
using ModelInspector.Models.TorchScript;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Pickles written by hand: what a network needs is read, anything that libtorch's reader could be harmed by is refused.</summary>
public class ScriptPickleTests
{
    private static readonly string Tensor = "ctorch._utils\n_rebuild_tensor_v2\n((X\x7\0\0\0storagectorch\nFloatStorage\nX\x1\0\0\0" + "0X\x3\0\0\0cpuK\x6tQ";

    [Fact]
    public void Numbers_texts_lists_and_dicts_are_read()
    {
        var list = Assert.IsType<PickleMembers>(Read("](K\x1M\x2\x1NX\x2\0\0\0hie"));
        Assert.Equal([1L, 258L, null, "hi"], list.Values);
        Assert.Equal(["a", true], Assert.IsType<PickleMembers>(Read("}(X\x1\0\0\0a\x88u")).Values);
    }

    [Fact]
    public void A_tensor_inside_its_stored_data_is_read() =>
        Assert.IsType<PickleTensor>(Read(Tensor + "K\0(K\x3K\x2t(K\x2K\x1t\x89NtR"));

    [Fact]
    public void An_object_of_the_files_own_class_is_read() =>
        Assert.IsType<PickleObject>(Read("c__torch__\nNet\n)\x81}(X\x1\0\0\0wK\x1ub"));

    [Theory]
    [InlineData("K\0(K\x4K\x2t(K\x2K\x1t\x89NtR", "larger")]
    [InlineData("K\x1(K\x3K\x2t(K\x2K\x1t\x89NtR", "larger")]
    [InlineData("K\0(K\x3J\xff\xff\xff\xfft(K\x2K\x1t\x89NtR", "impossible")]
    [InlineData("K\0(K\x3t(K\x2K\x1t\x89NtR", "impossible")]
    [InlineData("K\0(\x8a\x8\0\0\0\0\0\0\0\x40t(\x8a\x8\0\0\0\0\0\0\0\x40t\x89NtR", "larger")]
    public void A_tensor_outside_its_stored_data_is_refused(string rest, string reason) => Refused(Tensor + rest, reason);

    [Theory]
    [InlineData("0", "0x30")]
    [InlineData("\x85", "more values")]
    [InlineData("K\x1(\x85", "more values")]
    [InlineData("t", "not opened")]
    [InlineData("h\x5", "not remembered")]
    [InlineData("q\x5", "more values")]
    [InlineData("K\x1)R", "no function")]
    [InlineData("cos\nsystem\n", "os.system")]
    [InlineData("c__torch__\nNet\n", "no value")]
    [InlineData("c__torch__\nNet\n)\x81q\0}(X\x1\0\0\0wh\0ub", "attributes")]
    [InlineData("]q\0(h\0e", "no new list")]
    [InlineData("}(K\x1u", "key without")]
    [InlineData("ctorch.jit._pickle\nbuild_intlist\n(](Netu", "")]
    [InlineData("ctorch.jit._pickle\nbuild_intlist\n(](NetR", "another type")]
    [InlineData("X\xff\xff\xff\x7f", "cut short")]
    [InlineData("NN", "unfinished")]
    [InlineData("(N", "unfinished")]
    public void What_would_harm_the_reader_is_refused(string operations, string reason) => Refused(operations, reason);

    [Fact]
    public void Values_that_nest_without_end_are_refused() =>
        Refused("N" + string.Concat(Enumerable.Repeat("\x85", 10_000)), "deep");

    [Fact]
    public void More_values_than_are_stored_are_refused() =>
        Refused("(X\x7\0\0\0storagectorch\nFloatStorage\nX\x1\0\0\0" + "0X\x3\0\0\0cpuK\x7tQ", "holds fewer");

    private static object? Read(string operations) => ScriptPickle.Read(Encoding.Latin1.GetBytes("\x80\x2" + operations + "."), key => key == "0" ? 24 : null);

    private static void Refused(string operations, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Read(operations)).Message, StringComparison.Ordinal);
}
