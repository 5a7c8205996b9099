using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ModelInspector.Datasets;
using ModelInspector.Datasets.Phantom;
using ModelInspector.Numerics;
using ModelInspector.Samples;

namespace ModelInspector.Studies;

/// <summary>Phantom images to measure on, with the positions that cause their phase.</summary>
/// <param name="Images">The images, those of a patient together.</param>
/// <param name="Inputs">(n, 1, H, W), grey values from 0 to 1.</param>
/// <param name="Masks">(H, W) each.</param>
internal sealed record HeldOutCases(ImmutableArray<PhantomImage> Images, NdArray Inputs, ImmutableArray<NdArray> Masks)
{
    public int Count => Images.Length;

    /// <summary>Tells these images, marks and all, from others.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Inputs.Values.AsSpan())));

    /// <summary>Each image's patient.</summary>
    public ImmutableArray<string> Patients => [.. Images.Select(image => image.Patient.Name)];

    /// <summary>Draws them, with the sample's markers or with other marks.</summary>
    public static HeldOutCases Draw(ulong seed, int patients, Job job, Burning? burn = null)
    {
        var images = PhantomSet.HeldOut(seed, patients);
        var groups = images.GroupBy(image => image.Patient).Select(group => group.ToArray()).ToArray();
        var (inputs, masks) = (new NdArray(images.Length, 1, PhantomImage.Size, PhantomImage.Size), new NdArray[images.Length]);
        var each = images.Length / groups.Length;
        RowParallel.Run(groups.Length, 1, (_, patient, _) =>
        {
            var abdomen = new Abdomen(groups[patient][0].Patient, PhantomImage.Size);
            for (var i = 0; i < each; i++)
            {
                var at = patient * each + i;
                var image = groups[patient][i];
                var grey = (burn is null ? image : image with { Marker = null }).Draw(abdomen);
                if (burn is not null && image.Marker is { } named) burn(grey, named);
                for (var place = 0; place < grey.Length; place++) inputs[at][place] = grey[place] / (float)byte.MaxValue;
                masks[at] = new NdArray([PhantomImage.Size, PhantomImage.Size], Array.ConvertAll(abdomen.Causal, inside => inside ? 1f : 0f));
            }
        }, job.Cancel);
        return new(images, inputs, [.. masks]);
    }

    /// <summary>Some images in a row as one array (n, 1, H, W).</summary>
    public NdArray Batch(int first, int count) => new([count, .. Inputs.Shape[1..]], Inputs.Values[(first * Inputs.Stride)..((first + count) * Inputs.Stride)]);

    /// <summary>An image's brightness, (H, W).</summary>
    public NdArray Intensity(int image) => new(Inputs.Shape[2..], Inputs[image].ToArray());

    /// <summary>Writes images, masks and <c>labels.csv</c>, as a data set that `inspect` reads; what is there already is left.</summary>
    public string Write(string folder, IImageCodec codec)
    {
        var table = Path.Combine(folder, PhantomFolder.Table);
        if (File.Exists(table)) return table;
        Directory.CreateDirectory(Path.Combine(folder, "masks"));
        var rows = new StringBuilder("file,label,mask,patient,marker\n");
        foreach (var (index, image) in Images.Index())
        {
            File.WriteAllBytes(Path.Combine(folder, image.File), codec.EncodePng(Grey(Inputs[index])));
            File.WriteAllBytes(Path.Combine(folder, "masks", image.File), codec.EncodePng(Grey(Masks[index].Values)));
            rows.Append(CultureInfo.InvariantCulture, $"{image.File},{image.Label},masks/{image.File},{image.Patient.Name},{Catalog.Kebab(image.MarkerState.ToString())}\n");
        }
        File.WriteAllText(table, rows.ToString());
        return table;
    }

    private static Picture Grey(ReadOnlySpan<float> shares)
    {
        var values = new float[shares.Length];
        for (var i = 0; i < values.Length; i++) values[i] = MathF.Round(shares[i] * byte.MaxValue);
        return new(PhantomImage.Size, PhantomImage.Size, 1, byte.MaxValue, values);
    }
}
