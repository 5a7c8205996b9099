using ModelInspector.Embeddings;

namespace ModelInspector.Core.Tests.Embeddings;

public class NumberTableTests
{
    [Fact]
    public void A_csv_gives_numbers_labels_and_what_it_leaves_out()
    {
        var table = Read("file,a,label,b\nx.png,1,cat,2.5\ny.png,-3e2,dog,4\nz.png,0,cat,\" 7\"\n");
        Assert.Equal([1, 2.5f, -300, 4, 0, 7], table.Values.Values);
        Assert.Equal((3, 2), (table.Values.Rows, table.Values.Columns));
        Assert.Equal([0, 1, 0], table.Labels.ToArray());
        Assert.Equal(["file"], table.LeftOut.ToArray());
    }

    [Fact]
    public void A_csv_without_names_is_all_numbers()
    {
        var table = Read("1,2\n3,4\n");
        Assert.Equal([1, 2, 3, 4], table.Values.Values);
        Assert.Empty(table.Labels);
    }

    [Fact]
    public void Nan_in_a_csv_passes_on_to_whoever_embeds_it() => Assert.True(float.IsNaN(Read("a,b\n1,nan\n2,3\n").Values[0, 1]));

    [Theory]
    [InlineData("a,b\n1,2\n3,oops\n", "line 3", "oops")]
    [InlineData("a,b\n1,2\n3,\n", "line 3", "`b`")]
    [InlineData("a,b\n1,2\n3\n", "line 3", "1 fields")]
    [InlineData("a,b\n", "no rows", ".csv")]
    [InlineData("", "no rows", ".csv")]
    public void What_is_no_number_is_named_with_its_place(string text, string place, string found)
    {
        var message = Assert.Throws<InputException>(() => Read(text)).Message;
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(found, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("nowhere.csv", Assert.Throws<InputException>(() => NumberTable.Read("nowhere.csv")).Message, StringComparison.Ordinal);

    private static NumberTable Read(string text)
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["x.csv"], text);
        return NumberTable.Read(scratch["x.csv"]);
    }
}
