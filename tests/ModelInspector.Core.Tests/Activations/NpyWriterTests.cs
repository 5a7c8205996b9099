using ModelInspector.Activations;

namespace ModelInspector.Core.Tests.Activations;

public sealed class NpyWriterTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Rows_appended_in_batches_are_one_array()
    {
        using (var writer = NpyWriter.Create(scratch["deep/er/a.npy"], [2]))
        {
            writer.Append([1, 2, 3, 4], 2);
            writer.Append([5, 6], 1);
            Assert.False(File.Exists(scratch["deep/er/a.npy"]));
            writer.Complete();
        }
        var array = Npy.Read(scratch["deep/er/a.npy"]);
        Assert.Equal((int[])[3, 2], array.Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], array.Values);
        Assert.Equal(["deep/er/a.npy"], scratch.Files);
    }

    [Fact]
    public void A_file_that_was_not_completed_leaves_no_trace()
    {
        using (var writer = NpyWriter.Create(scratch["a.npy"], [2])) writer.Append([1, 2], 1);
        Assert.Empty(scratch.Files);
    }

    [Fact]
    public void A_file_that_fails_does_not_touch_the_one_it_would_replace()
    {
        File.WriteAllText(scratch["a.npy"], "before");
        using (var writer = NpyWriter.Create(scratch["a.npy"], [2])) writer.Append([1, 2], 1);
        Assert.Equal("before", File.ReadAllText(scratch["a.npy"]));
    }

    [SkippableFact]
    public void A_full_disk_is_one_sentence_and_no_half_file()
    {
        Skip.IfNot(File.Exists("/dev/full"), "This system has no /dev/full to stand for a full disk.");
        File.CreateSymbolicLink(scratch["a.npy.part"], "/dev/full");
        var error = Assert.Throws<InputException>(() =>
        {
            using var writer = NpyWriter.Create(scratch["a.npy"], [1 << 16]);
            writer.Append(new float[1 << 16], 1);
            writer.Complete();
        });
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Assert.Empty(scratch.Files);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_one_sentence()
    {
        File.WriteAllText(scratch["file"], "");
        var error = Assert.Throws<InputException>(() => NpyWriter.Create(scratch.Folder + "/file/a.npy", [2]));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.Contains("-o", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_writers_of_one_file_do_not_mix()
    {
        using var first = NpyWriter.Create(scratch["a.npy"], [1]);
        Assert.Throws<InputException>(() => NpyWriter.Create(scratch["a.npy"], [1]));
        first.Append([7], 1);
        first.Complete();
        Assert.Equal([7f], Npy.Read(scratch["a.npy"]).Values);
    }

    [Fact]
    public void Rows_are_mapped_and_copied()
    {
        using (var writer = NpyWriter.Create(scratch["a.npy"], [3]))
        {
            for (var row = 0; row < 1000; row++) writer.Append([row, row + 0.25f, -row], 1);
            writer.Complete();
        }
        using var rows = NpyRows.Open(scratch["a.npy"]);
        Assert.Equal((1000L, 3), (rows.Count, rows.RowLength));
        Assert.Equal([999f, 999.25f, -999f], rows.Row(999).ToArray());
        Assert.Equal([500f, 500.25f, -500, 501, 501.25f, -501], rows.Rows(500, 2).Values);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Row(1000).Length);
    }

    [Fact]
    public void A_closed_map_and_an_empty_one_do_not_crash()
    {
        using (var writer = NpyWriter.Create(scratch["a.npy"], [3])) writer.Complete();
        var rows = NpyRows.Open(scratch["a.npy"]);
        Assert.Equal(0, rows.Count);
        rows.Dispose();
        rows.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rows.Row(0).Length);
    }

    [Fact]
    public void Rows_that_do_not_fit_are_a_programming_error()
    {
        using var writer = NpyWriter.Create(scratch["a.npy"], [3]);
        Assert.Throws<ArgumentException>(() => writer.Append([1, 2], 1));
    }
}
