using System.IO.Compression;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How much information versions of an image hold, estimated by how far they can be compressed.</summary>
/// <param name="low">Value of the image that becomes 0; lower ones do, too.</param>
/// <param name="high">Value that becomes 255.</param>
/// <remarks>
/// Values become bytes, each row the differences of neighbours in it (what a smooth image compresses well by), and these are packed by Deflate (RFC 1951). The published estimate is the size
/// of a lossless WebP file; only ratios of sizes are used, and both fall as an image becomes smoother.
/// </remarks>
public sealed class EstimatedInformation(float low, float high)
{
    /// <summary>An estimate for versions of one image: its own range becomes the range of the bytes.</summary>
    public static EstimatedInformation For(NdArray image) => new(image.Values.Min(), image.Values.Max());

    /// <summary>Size of the packed image, in bytes.</summary>
    /// <param name="image">(C, H, W) or (C, D, H, W).</param>
    public double Of(NdArray image)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true)) deflate.Write(Differences(image.Values, image.Shape[^1]));
        return packed.Length;
    }

    private byte[] Differences(float[] values, int columns)
    {
        var bytes = Array.ConvertAll(values, Byte);
        for (var i = bytes.Length - 1; i > 0; i--)
            if (i % columns > 0) bytes[i] -= bytes[i - 1];
        return bytes;
    }

    private byte Byte(float value) => high > low && float.IsFinite(value) ? (byte)Math.Round(byte.MaxValue * Math.Clamp((value - low) / (high - low), 0, 1)) : (byte)0;
}
