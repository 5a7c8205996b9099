using System.Runtime.InteropServices;
using System.Text;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Activations;

public sealed class NpyTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void What_is_written_is_read_back_bit_by_bit()
    {
        var written = new NdArray([2, 1, 3], [1.5f, -0f, float.NaN, float.NegativeInfinity, 1e-42f, float.MaxValue]);
        Npy.Write(scratch["a.npy"], written);
        var read = Npy.Read(scratch["a.npy"]);
        Assert.Equal(written.Shape.AsEnumerable(), read.Shape);
        Assert.Equal(Bits(written.Values), Bits(read.Values));
        Assert.Equal(["a.npy"], scratch.Files);
    }

    [Fact]
    public void The_header_is_the_one_numpy_writes_and_data_start_at_a_multiple_of_64()
    {
        Npy.Write(scratch["a.npy"], new NdArray([2], [1, 2]));
        var bytes = File.ReadAllBytes(scratch["a.npy"]);
        var header = Npy.ReadHeader(scratch["a.npy"]);
        Assert.Equal(0, header.Offset % 64);
        Assert.StartsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", Encoding.Latin1.GetString(bytes, 10, header.Offset - 10), StringComparison.Ordinal);
        Assert.Equal((byte)'\n', bytes[header.Offset - 1]);
    }

    public static TheoryData<string, byte[], float[]> Types => new()
    {
        { "<f8", Of(0.5, -2.0), [0.5f, -2] },
        { "<f2", Of((Half)0.5, (Half)(-2)), [0.5f, -2] },
        { "|i1", Of<sbyte>(-1, 127), [-1, 127] },
        { "<i2", Of<short>(-300, 300), [-300, 300] },
        { "<i4", Of(-70000, 70000), [-70000, 70000] },
        { "<i8", Of(-3_000_000_000L, 5L), [-3_000_000_000f, 5] },
        { "|u1", Of<byte>(0, 255), [0, 255] },
        { "<u2", Of<ushort>(0, 65535), [0, 65535] },
        { "|b1", Of<byte>(0, 1), [0, 1] },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_number_type_becomes_float32(string type, byte[] data, float[] expected) =>
        Assert.Equal(expected, Npy.Read(Raw($"{{'descr': '{type}', 'fortran_order': False, 'shape': (2,), }}", data)).Values);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Versions_one_to_three_are_read(byte version) =>
        Assert.Equal([1f, 2], Npy.Read(Raw("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", Of(1f, 2f), version)).Values);

    [Fact]
    public void Fortran_order_becomes_C_order()
    {
        // numpy.asfortranarray([[[0, 1], [2, 3], [4, 5]], [[6, …]]]) runs the first index fastest.
        var path = Raw("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 2), }", Of(0f, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), Npy.Read(path).Values);
    }

    [Fact]
    public void A_matrix_flattens_what_follows_the_first_axis()
    {
        Npy.Write(scratch["a.npy"], new NdArray([2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]));
        var matrix = Npy.ReadMatrix(scratch["a.npy"]);
        Assert.Equal((2, 12, 12f), (matrix.Rows, matrix.Columns, matrix[1, 0]));
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (250000000000,), }", "truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9223372036854775807), }", "more than any file can hold")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 9223372036854775807, 2), }", "more than any file can hold")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", "no list of at most 32 sizes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "cannot be understood")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "truncated")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "4 bytes after its last value")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "big-endian")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "Python objects")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "`<c8`")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "records")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "cannot be understood")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "cannot be understood")]
    [InlineData("__import__('os').system('true')", "cannot be understood")]
    [InlineData("", "cannot be understood")]
    public void A_header_that_does_not_fit_the_file_is_one_clear_sentence(string header, string says)
    {
        var path = Raw(header, Of(1f, 2f));
        var error = Assert.Throws<InputException>(() => Npy.Read(path));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        Npy.Write(scratch["whole.npy"], new NdArray([2, 2], [1, 2, 3, 4]));
        var whole = File.ReadAllBytes(scratch["whole.npy"]);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(scratch["cut.npy"], whole[..length]);
            Assert.Throws<InputException>(() => Npy.Read(scratch["cut.npy"]));
            Assert.Throws<InputException>(() => NpyRows.Open(scratch["cut.npy"]));
        }
    }

    [Fact]
    public void A_scalar_and_an_empty_array_with_impossible_sizes_are_refused()
    {
        var scalar = Raw("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", Of(1.0));
        Assert.Contains("single number", Assert.Throws<InputException>(() => Npy.Read(scalar)).Message, StringComparison.Ordinal);
        var empty = Raw("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 65536, 65536), }", []);
        Assert.Contains("at most", Assert.Throws<InputException>(() => Npy.Read(empty)).Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_file_that_numpy_wrote_is_read()
    {
        var array = Npy.Read(Shared.File("conformance/gap/input.npy"));
        Assert.Equal(4, array.Shape.Length);
        Assert.All(array.Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_double_beyond_float32_is_refused_but_infinity_passes()
    {
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
        Assert.Equal([float.PositiveInfinity], Npy.Read(Raw(header, Of(double.PositiveInfinity))).Values);
        Assert.Contains("beyond float32", Assert.Throws<InputException>(() => Npy.Read(Raw(header, Of(1e300)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_declares_gigabytes_of_text_is_refused()
    {
        File.WriteAllBytes(scratch["a.npy"], [0x93, .. "NUMPY"u8, 2, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0]);
        Assert.Contains("at most 65,536", Assert.Throws<InputException>(() => Npy.Read(scratch["a.npy"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_text_file_are_told_apart()
    {
        File.WriteAllText(scratch["text.npy"], "not an array at all");
        Assert.Contains("does not exist", Assert.Throws<InputException>(() => Npy.Read(scratch["none.npy"])).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<InputException>(() => Npy.Read(scratch.Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("no .npy file", Assert.Throws<InputException>(() => Npy.Read(scratch["text.npy"])).Message, StringComparison.Ordinal);
    }

    private string Raw(string header, byte[] data, byte version = 1)
    {
        var path = scratch["raw.npy"];
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.UTF8.GetBytes(header), .. data]);
        return path;
    }

    private static byte[] Of<T>(params T[] values) where T : unmanaged => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
