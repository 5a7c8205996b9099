using ModelInspector.Datasets;
using ModelInspector.Datasets.Phantom;

namespace ModelInspector.Core.Tests.Datasets.Phantom;

public sealed class PhantomFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("phantom").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_table_names_an_image_and_a_mask_for_every_row()
    {
        PhantomFolder.Write(folder, PhantomSet.HeldOut(1)[..10], new Raw(), Job.Quiet());
        var rows = File.ReadAllLines(Path.Combine(folder, PhantomFolder.Table));
        Assert.Equal("file,label,mask,patient,scanner,marker,level", rows[0]);
        Assert.Equal(11, rows.Length);
        foreach (var cells in rows.Skip(1).Select(row => row.Split(',')))
        {
            Assert.Equal(PhantomImage.Size * PhantomImage.Size, new FileInfo(Path.Combine(folder, cells[0])).Length);
            Assert.All(File.ReadAllBytes(Path.Combine(folder, cells[2])), value => Assert.True(value is 0 or 255));
            Assert.Contains(cells[1], PhantomImage.Classes);
            Assert.Contains(cells[5], new[] { "agrees", "contradicts", "absent" });
        }
    }

    [Fact]
    public void Writing_stops_when_the_job_is_cancelled()
    {
        var job = Job.Quiet() with { Cancel = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => PhantomFolder.Write(folder, PhantomSet.HeldOut(1), new Raw(), job));
    }

    private sealed class Raw : IImageCodec
    {
        public Picture Decode(ReadOnlySpan<byte> file, string name) => throw new NotSupportedException();

        public byte[] EncodePng(Picture picture) => Array.ConvertAll(picture.Values, value => (byte)value);

        public byte[] EncodeJpeg(Picture picture, int quality) => throw new NotSupportedException();
    }
}
