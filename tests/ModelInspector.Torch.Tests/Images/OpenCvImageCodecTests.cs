using System.Buffers.Binary;
using ModelInspector.Datasets;
using ModelInspector.Images;

namespace ModelInspector.Torch.Tests.Images;

public class OpenCvImageCodecTests
{
    private static readonly OpenCvImageCodec Codec = new();

    [Theory]
    [InlineData(1, 255)]
    [InlineData(3, 255)]
    [InlineData(4, 255)]
    [InlineData(1, 65535)]
    [InlineData(3, 65535)]
    [InlineData(4, 65535)]
    public void A_png_gives_back_exactly_what_was_written(int channels, float maximum)
    {
        var picture = Pattern(7, 5, channels, maximum);
        var read = Codec.Decode(Codec.EncodePng(picture), "round-trip.png");
        Assert.Equal((7, 5, channels, maximum), (read.Width, read.Height, read.Channels, read.Maximum));
        Assert.Equal(picture.Values, read.Values);
    }

    [Fact]
    public void Channels_are_red_green_blue_in_this_order()
    {
        // A pixel in Portable Pixmap text: red 10, green 20, blue 30.
        var read = Codec.Decode("P3\n# a comment\n1 1\n255\n10 20 30\n"u8, "pixel.ppm");
        Assert.Equal([10, 20, 30], read.Values);
    }

    [Fact]
    public void A_grey_picture_stays_one_channel()
    {
        var read = Codec.Decode("P2\n2 1\n255\n7 9\n"u8, "grey.pgm");
        Assert.Equal(1, read.Channels);
        Assert.Equal([7, 9], read.Values);
    }

    [Fact]
    public void Values_between_zero_and_one_are_scaled_rounded_and_clamped()
    {
        var read = Codec.Decode(Codec.EncodePng(new Picture(4, 1, 1, 1, [-0.5f, 0, 0.5f, 2])), "unit.png");
        Assert.Equal([0, 0, 128, 255], read.Values);
    }

    [Fact]
    public void A_jpeg_is_near_what_was_written_and_has_no_alpha()
    {
        var picture = new Picture(16, 16, 4, 255, [.. Enumerable.Range(0, 256).SelectMany(_ => new float[] { 200, 100, 50, 255 })]);
        var read = Codec.Decode(Codec.EncodeJpeg(picture, 95), "flat.jpg");
        Assert.Equal(3, read.Channels);
        Assert.All(read.Values.Chunk(3), pixel => Assert.True(Math.Abs(pixel[0] - 200) < 4 && Math.Abs(pixel[1] - 100) < 4 && Math.Abs(pixel[2] - 50) < 4));
    }

    [Fact]
    public void A_jpeg_is_turned_upright_as_its_exif_record_says()
    {
        // Left half white, right half black; orientation 6 says: turn a quarter clockwise, so white comes to the top.
        var picture = new Picture(32, 16, 1, 255, [.. Enumerable.Range(0, 512).Select(i => i % 32 < 16 ? 255f : 0f)]);
        var read = Codec.Decode(Oriented(Codec.EncodeJpeg(picture, 95), 6), "turned.jpg");
        Assert.Equal((16, 32), (read.Width, read.Height));
        Assert.True(read.Values[0] > 200 && read.Values[^1] < 50);
    }

    [SkippableTheory]
    [InlineData("dog.jpg", 1546, 1213)]
    [InlineData("dog-and-cat.png", 224, 224)]
    [InlineData("chelsea.png", 451, 300)]
    [InlineData("coffee.png", 600, 400)]
    [InlineData("astronaut.png", 512, 512)]
    public void Real_photographs_are_decoded(string name, int width, int height)
    {
        var read = Codec.Decode(File.ReadAllBytes(Path.Combine(Shared.Folder("real"), "images", name)), name);
        Assert.Equal((width, height, 3, 255f), (read.Width, read.Height, read.Channels, read.Maximum));
        Assert.InRange(read.Values.Average(), 40, 215);
    }

    [SkippableFact]
    public void A_cut_photograph_is_refused_wherever_it_is_cut()
    {
        foreach (var name in new[] { "dog.jpg", "chelsea.png" })
        {
            var file = File.ReadAllBytes(Path.Combine(Shared.Folder("real"), "images", name));
            foreach (var share in new[] { 0.01, 0.3, 0.7, 0.99 })
            {
                var error = Assert.Throws<InputException>(() => Codec.Decode(file.AsSpan(0, (int)(file.Length * share)), name));
                Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Nothing_and_text_and_unknown_bytes_are_refused_in_one_sentence_that_says_what_they_are()
    {
        Assert.Contains("empty", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("`file,label", Refusal("file,label\na.png,1\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("474946383961", Refusal([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0, 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_that_declares_a_gigantic_picture_is_refused_before_it_is_decoded()
    {
        var png = Codec.EncodePng(Pattern(2, 2, 1, 255));
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(16), 100_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(20), 100_000);
        Assert.Contains("100000 × 100000", Refusal(png), StringComparison.Ordinal);
        Assert.Contains("134,217,728", Refusal("P5\n60000 60000\n255\nx"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("damaged", Refusal("P5\n0 4\n255\nx"u8.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_byte_inside_a_png_is_found_by_its_checksum()
    {
        var png = Codec.EncodePng(Pattern(20, 20, 1, 255));
        png[png.Length / 2] ^= 1;
        Assert.Contains("checksum", Refusal(png), StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_holds_no_number_is_not_encoded() =>
        Assert.Contains("Value 1", Assert.Throws<ArgumentException>(() => Codec.EncodePng(new Picture(2, 1, 1, 1, [0, float.NaN]))).Message, StringComparison.Ordinal);

    [Fact]
    public void Mutated_images_are_decoded_or_refused_and_nothing_else_happens()
    {
        var random = new Random(1);
        byte[][] seeds = [Codec.EncodePng(Pattern(9, 9, 3, 255)), Codec.EncodeJpeg(Pattern(16, 16, 3, 255), 80), Bitmap(), .. TextImages()];
        for (var round = 0; round < Mutation.Rounds(3000); round++)
        {
            var mutated = Mutation.Of(seeds[round % seeds.Length], random);
            try
            {
                var picture = Codec.Decode(mutated, "mutated");
                Assert.Equal((long)picture.Width * picture.Height * picture.Channels, picture.Values.Length);
            }
            catch (InputException error)
            {
                Assert.StartsWith("mutated ", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<byte[]> TextImages() => ["P3\n1 1\n255\n10 20 30\n"u8.ToArray(), "P5\n2 2\n255\nabcd"u8.ToArray(), "P4\n8 1\nx"u8.ToArray()];

    /// <summary>Two by one pixels, 24 bit, no compression.</summary>
    private static byte[] Bitmap()
    {
        var file = new byte[62];
        "BM"u8.CopyTo(file);
        foreach (var (at, value) in new[] { (2, 62), (10, 54), (14, 40), (18, 2), (22, 1), (26, 1 | 24 << 16), (34, 8) })
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        return file;
    }

    private static string Refusal(byte[] file) => Assert.Throws<InputException>(() => Codec.Decode(file, "it")).Message;

    private static Picture Pattern(int width, int height, int channels, float maximum) =>
        new(width, height, channels, maximum, [.. Enumerable.Range(0, width * height * channels).Select(i => (float)(i * 257L % ((long)maximum + 1)))]);

    /// <summary>Puts an EXIF segment with nothing but an orientation behind the start marker.</summary>
    private static byte[] Oriented(byte[] jpeg, byte orientation)
    {
        byte[] exif = [0xff, 0xe1, 0, 34, .. "Exif\0\0"u8, .. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
