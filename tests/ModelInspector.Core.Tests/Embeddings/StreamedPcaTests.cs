using ModelInspector.Activations;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public sealed class StreamedPcaTests : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".npy");

    [Theory, InlineData(7), InlineData(256), InlineData(5000)]
    public void Blocks_of_any_size_give_the_directions_of_the_whole(int rowsAtOnce)
    {
        var data = Clouds.Stretched(500, 9, offset: 5);
        Npy.Write(file, data);
        using var rows = NpyRows.Open(file);
        var (whole, streamed) = (new Pca(3).Model(data, Job.Quiet()), StreamedPca.Fit(new Pca(3), rows, rowsAtOnce, Job.Quiet()));
        for (var k = 0; k < 3; k++) Assert.Equal(whole.Variances[k], streamed.Variances[k], 1e-6 * whole.Variances[0]);
        for (var i = 0; i < whole.Components.Values.Length; i++) Assert.Equal(whole.Components.Values[i], streamed.Components.Values[i], 1e-4);
    }

    [Fact]
    public void A_value_that_is_no_number_is_named_by_its_row_in_the_file()
    {
        var data = Clouds.Noise(40, 4);
        data[33, 2] = float.NaN;
        Npy.Write(file, data);
        using var rows = NpyRows.Open(file);
        Assert.Contains("row 33, column 2", Assert.Throws<InputException>(() => StreamedPca.Fit(new Pca(2), rows, 10, Job.Quiet())).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(file);
}
