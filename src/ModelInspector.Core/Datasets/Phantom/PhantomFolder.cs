using System.Globalization;
using System.Text;

namespace ModelInspector.Datasets.Phantom;

/// <summary>Writes phantom images as a data set that any tool can read: PNG images, PNG masks and a CSV table.</summary>
public static class PhantomFolder
{
    /// <summary>Name of the table in the folder.</summary>
    public const string Table = "labels.csv";

    /// <summary>Writes images, <c>masks/</c> and <c>labels.csv</c> into a folder, which is made if it is missing.</summary>
    public static void Write(string folder, IReadOnlyList<PhantomImage> images, IImageCodec codec, Job job)
    {
        Directory.CreateDirectory(Path.Combine(folder, "masks"));
        var done = 0;
        foreach (var patient in images.GroupBy(image => image.Patient))
        {
            var abdomen = new Abdomen(patient.Key, PhantomImage.Size);
            foreach (var image in patient)
            {
                job.Report("held-out images", done++, images.Count);
                File.WriteAllBytes(Path.Combine(folder, image.File), codec.EncodePng(Picture(image.Draw(abdomen))));
                File.WriteAllBytes(Path.Combine(folder, Mask(image)), codec.EncodePng(Picture([.. abdomen.Causal.Select(inside => inside ? byte.MaxValue : (byte)0)])));
            }
        }
        File.WriteAllText(Path.Combine(folder, Table), Rows(images));
        job.Report("held-out images", images.Count, images.Count);
    }

    private static string Mask(PhantomImage image) => "masks/" + image.File;

    private static string Rows(IReadOnlyList<PhantomImage> images)
    {
        var text = new StringBuilder("file,label,mask,patient,scanner,marker,level\n");
        foreach (var image in images)
            text.Append(CultureInfo.InvariantCulture,
                $"{image.File},{image.Label},{Mask(image)},{image.Patient.Name},{image.Patient.Scanner.Name},{Catalog.Kebab(image.MarkerState.ToString())},{image.Patient.Level:0.00}\n");
        return text.ToString();
    }

    private static Picture Picture(byte[] grey) =>
        new(PhantomImage.Size, PhantomImage.Size, 1, byte.MaxValue, Array.ConvertAll(grey, value => (float)value));
}
