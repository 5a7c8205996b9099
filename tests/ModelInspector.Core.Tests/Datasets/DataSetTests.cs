using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Datasets;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Datasets;

public sealed class DataSetTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_folder_is_listed_in_a_fixed_order_with_its_sub_folders_as_classes()
    {
        Files("data/dog/b.png", "data/dog/a/deep.JPG", "data/cat/x.tif", "data/loose.bmp", "data/.hidden.png", "data/.git/y.png", "data/readme.txt");
        var data = DataSet.Open(scratch["data"], DataOptions.None);
        Assert.Equal(["cat/x.tif", "dog/a/deep.JPG", "dog/b.png", "loose.bmp"], data.Samples.Select(sample => sample.Id));
        Assert.Equal([0, 1, 1, -1], data.Samples.Select(sample => sample.Label));
        Assert.Equal(["cat", "dog"], data.Classes.AsEnumerable());
        Assert.Equal(["readme.txt: no image by its name"], data.Skipped.AsEnumerable());
        Assert.Contains("alphabetical order", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Known_classes_give_the_order_of_the_models_outputs()
    {
        Files("data/dog/b.png", "data/cat/x.png");
        var data = DataSet.Open(scratch["data"], With(["dog", "bird", "cat"]));
        Assert.Equal([2, 0], data.Samples.Select(sample => sample.Label));
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void A_label_that_is_no_class_suggests_near_ones()
    {
        Files("data/dgo/b.png");
        Says("label `dgo` is none of the 2 classes. Near: dog", () => DataSet.Open(scratch["data"], With(["cat", "dog"])));
    }

    [Fact]
    public void Labels_that_are_numbers_are_the_models_outputs()
    {
        Files("data/10/b.png", "data/2/a.png");
        var data = DataSet.Open(scratch["data"], DataOptions.None);
        Assert.Equal([10, 2], data.Samples.Select(sample => sample.Label));
        Assert.Equal(11, data.Classes.Length);
        Assert.Equal([1], DataSet.Open(scratch["data/2"], With(["a", "b"]) with { Labels = Csv("file,label\na.png,1") }).Samples.Select(sample => sample.Label));
    }

    [Fact]
    public void A_csv_gives_labels_masks_and_every_other_column()
    {
        Files("images/a.png", "images/b, c.png", "masks/a.png");
        var data = DataSet.Open(Csv("File,patient, label ,mask,scanner\r\nimages/a.png,p1,late,masks/a.png,A\r\n\"images/b, c.png\",p2,,,\"B \"\"x\"\"\"\r\n"), DataOptions.None);
        Assert.Equal(["images/a.png", "images/b, c.png"], data.Samples.Select(sample => sample.Id));
        Assert.Equal([0, -1], data.Samples.Select(sample => sample.Label));
        Assert.Equal(scratch["masks/a.png"], data.Samples[0].Mask);
        Assert.Null(data.Samples[1].Mask);
        Assert.Equal(["patient", "scanner"], data.Columns.Select(column => column.Name));
        Assert.Equal(["p1", "p2"], data.Column("Patient")!.Value.AsEnumerable());
        Assert.Equal("B \"x\"", data.Column("scanner")!.Value[1]);
    }

    [Theory]
    [InlineData("file;label\na.png;x")]
    [InlineData("file\tlabel\na.png\tx")]
    [InlineData("\uFEFFfile,label\n\na.png,x\n")]
    public void Semicolons_tabs_and_a_byte_order_mark_are_understood(string text)
    {
        Files("a.png");
        Assert.Equal("x", Assert.Single(DataSet.Open(Csv(text), DataOptions.None).Classes));
    }

    [Fact]
    public void Without_a_label_column_the_one_whose_values_are_all_classes_is_taken()
    {
        Files("a.png", "b.png");
        var data = DataSet.Open(Csv("file,phase,scanner\na.png,late,A\nb.png,early,A"), With(["early", "late"]));
        Assert.Equal([1, 0], data.Samples.Select(sample => sample.Label));
        Assert.Contains("column `phase`", Assert.Single(data.Notes), StringComparison.Ordinal);
        Assert.Equal(2, data.Columns.Length);
    }

    [Theory]
    [InlineData("name,label\na.png,x", "has no column `file`; its columns are `name`, `label`")]
    [InlineData("", "is empty")]
    [InlineData("file,label", "no row")]
    [InlineData("file,label\nnone.png,x", "line 2: none.png does not exist")]
    [InlineData("file,label\na.png,x\nb.png,y\na.png,z", "lines 2 and 4 both name a.png")]
    [InlineData("file,label\na.png,x\n./a.png,z", "lines 2 and 3 both name ./a.png")]
    [InlineData("file,label\na.png,x,z", "line 2: 3 fields where the header has 2")]
    [InlineData("file,label,label\na.png,x,z", "2 columns called `label`")]
    [InlineData("file,label\n,x", "line 2: the field `file` is empty")]
    [InlineData("file,label\n\"a.png,x\n", "does not exist|no valid CSV|fields where")]
    [InlineData("file,label\na\"b.png,x\n", "no valid CSV")]
    [InlineData("file,label,mask\na.png,x,none.png\n", "none.png does not exist")]
    public void A_csv_that_is_wrong_says_where(string text, string says)
    {
        Files("a.png", "b.png");
        var path = Csv(text);
        var error = Assert.Throws<InputException>(() => DataSet.Open(path, DataOptions.None));
        Assert.Contains(says.Split('|'), part => error.Message.Contains(part, StringComparison.Ordinal));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_have_the_images_path_and_any_image_extension_and_are_no_samples()
    {
        Files("data/a/1.jpg", "data/a/2.jpg", "data/masks/a/1.png", "data/masks/notes.txt");
        var data = DataSet.Open(scratch["data"], DataOptions.None with { Masks = scratch["data/masks"] });
        Assert.Equal(["a/1.jpg", "a/2.jpg"], data.Samples.Select(sample => sample.Id));
        Assert.Equal([scratch["data/masks/a/1.png"], null], data.Samples.Select(sample => sample.Mask));
        Assert.Equal(1, data.MaskCount);
    }

    [Fact]
    public void Masks_that_fit_no_image_or_two_are_refused()
    {
        Files("data/1.png", "other/2.png", "twins/1.png", "twins/1.bmp");
        Says("no mask for any of the 1 images. Expected the images' names there, for example 1.png", () => DataSet.Open(scratch["data"], DataOptions.None with { Masks = scratch["other"] }));
        Says("masks of the same image", () => DataSet.Open(scratch["data"], DataOptions.None with { Masks = scratch["twins"] }));
        Says("is no folder", () => DataSet.Open(scratch["data"], DataOptions.None with { Masks = scratch["nowhere"] }));
    }

    [Fact]
    public void Labels_from_a_csv_join_a_folder_by_path()
    {
        Files("data/a.png", "data/b.png", "data/m/a.png");
        var data = DataSet.Open(scratch["data"], DataOptions.None with { Masks = scratch["data/m"], Labels = Csv("file,label,patient\nb.png,x,p7") });
        Assert.Equal([-1, 0], data.Samples.Select(sample => sample.Label));
        Assert.Equal(["", "p7"], data.Column("patient")!.Value.AsEnumerable());
        Says("line 2: z.png is none of the 2 images", () => DataSet.Open(scratch["data"], DataOptions.None with { Masks = scratch["data/m"], Labels = Csv("file,label\nz.png,x") }));
    }

    [Fact]
    public void An_array_is_taken_row_by_row_with_labels_and_masks_in_its_order()
    {
        Npy.Write(scratch["x.npy"], new NdArray(2, 3, 4, 5));
        Npy.Write(scratch["m.npy"], new NdArray(2, 4, 5));
        Npy.Write(scratch["wrong.npy"], new NdArray(2, 5, 4));
        var data = DataSet.Open(scratch["x.npy"], new DataOptions(scratch["m.npy"], Csv("label,patient\nx,1\ny,2"), []));
        Assert.Equal(["0", "1"], data.Samples.Select(sample => sample.Id));
        Assert.Equal([0, 1], data.Samples.Select(sample => sample.Label));
        Assert.Equal(2, data.MaskCount);
        Says("must be (2, 4, 5)", () => DataSet.Open(scratch["x.npy"], DataOptions.None with { Masks = scratch["wrong.npy"] }));
        Says("1 rows for 2 samples", () => DataSet.Open(scratch["x.npy"], DataOptions.None with { Labels = Csv("label\nx") }));
    }

    [Fact]
    public void One_image_is_a_data_set()
    {
        Files("dog.jpg");
        Assert.Equal("dog.jpg", Assert.Single(DataSet.Open(scratch["dog.jpg"], DataOptions.None).Samples).Id);
    }

    [Fact]
    public void What_is_no_data_set_is_one_sentence()
    {
        Files("empty/readme.txt", "program.exe");
        Npy.Write(scratch["none.npy"], new NdArray(0, 3, 4, 5));
        Npy.Write(scratch["flat.npy"], new NdArray(7));
        Directory.CreateDirectory(scratch["nothing"]);
        Says("holds no image among its 1 files", () => DataSet.Open(scratch["empty"], DataOptions.None));
        Says("holds no image. Expected", () => DataSet.Open(scratch["nothing"], DataOptions.None));
        Says("does not exist", () => DataSet.Open(scratch["missing"], DataOptions.None));
        Says("no data set by its name", () => DataSet.Open(scratch["program.exe"], DataOptions.None));
        Says("at least one sample", () => DataSet.Open(scratch["none.npy"], DataOptions.None));
        Says("expected (N, C, H, W)", () => DataSet.Open(scratch["flat.npy"], DataOptions.None));
    }

    [SkippableFact]
    public void A_linked_folder_that_forms_a_loop_is_not_entered()
    {
        Skip.If(OperatingSystem.IsWindows(), "Making links needs a privilege on Windows.");
        Files("data/a.png");
        Directory.CreateSymbolicLink(scratch["data/loop"], scratch["data"]);
        Assert.Single(DataSet.Open(scratch["data"], DataOptions.None).Samples);
    }

    private static DataOptions With(ImmutableArray<string> classes) => DataOptions.None with { Classes = classes };

    private static void Says(string text, Action open) => Assert.Contains(text, Assert.Throws<InputException>(open).Message, StringComparison.Ordinal);

    private string Csv(string text)
    {
        File.WriteAllText(scratch["labels.csv"], text);
        return scratch["labels.csv"];
    }

    private void Files(params string[] names)
    {
        foreach (var name in names) File.WriteAllText(scratch[name], "");
    }
}
