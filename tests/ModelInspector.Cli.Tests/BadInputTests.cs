using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Tests;

/// <summary>What a newcomer gets wrong: each is one clear sentence, exit code 1, and nothing half-written.</summary>
public class BadInputTests
{
    [Fact]
    public void A_truncated_onnx_file_is_said_to_be_truncated()
    {
        using var scratch = new Scratch();
        var cut = scratch.Write("cut.onnx", File.ReadAllBytes(Sample.Clean)[..^500]);
        Assert.Contains("cut.onnx", Cli.Refuses("layers", cut));
    }

    [Fact]
    public void A_text_file_renamed_to_onnx_is_no_model()
    {
        using var scratch = new Scratch();
        var text = scratch.Write("notes.onnx", "Dear diary, today I trained a network.\n");
        Assert.Contains("notes.onnx", Cli.Refuses("layers", text));
    }

    [Fact]
    public void A_missing_model_is_named() => Assert.Contains("nowhere.onnx does not exist", Cli.Refuses("layers", "nowhere.onnx"));

    [Fact]
    public void An_empty_model_file_is_said_to_be_empty()
    {
        using var scratch = new Scratch();
        Assert.Contains("empty", Cli.Refuses("layers", scratch.Write("empty.onnx", "")));
    }

    [Fact]
    public void An_image_that_is_no_image_is_named()
    {
        using var scratch = new Scratch();
        scratch.Write("data/a/broken.png", "not a picture");
        Assert.Contains("broken.png", Cli.Refuses("inspect", Sample.Clean, "--data", scratch["data"], "-o", scratch["out"]));
        Assert.False(File.Exists(scratch["out/index.html"]));
    }

    [Fact]
    public void A_csv_without_the_column_file_says_which_columns_it_has()
    {
        using var scratch = new Scratch();
        var csv = scratch.Write("data.csv", "image,label\na.png,arterial\n");
        var sentence = Cli.Refuses("inspect", Sample.Clean, "--data", csv, "-o", scratch["out"]);
        Assert.Contains("file", sentence);
        Assert.Contains("image", sentence);
    }

    [Fact]
    public void An_empty_folder_holds_no_images()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["data"]);
        Assert.Contains("image", Cli.Refuses("inspect", Sample.Clean, "--data", scratch["data"], "-o", scratch["out"]));
    }

    [Fact]
    public void A_mask_of_another_size_than_its_image_gives_both_sizes()
    {
        using var scratch = new Scratch();
        var codec = new Images.OpenCvImageCodec();
        scratch.Write("data/arterial/one.png", codec.EncodePng(new Datasets.Picture(128, 128, 1, 255, new float[128 * 128])));
        scratch.Write("masks/arterial/one.png", codec.EncodePng(new Datasets.Picture(64, 32, 1, 255, new float[64 * 32])));
        var sentence = Cli.Refuses("inspect", Sample.Clean, "--data", scratch["data"], "--masks", scratch["masks"], "-o", scratch["out"]);
        Assert.Contains("128", sentence);
        Assert.Contains("64", sentence);
    }

    [Fact]
    public void A_missing_layer_suggests_near_names()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray(1, 1, 128, 128));
        var first = Models.Model.Open(Sample.Clean);
        var name = first.Graph.Layers[0].Name;
        var sentence = Cli.Refuses("attribute", Sample.Clean, "--input", scratch["x.npy"], "--method", "sam", "--layer", name + "x", "--target", "0", "-o", scratch["y.npy"]);
        Assert.Contains($"Near: {name}", sentence);
        Assert.False(File.Exists(scratch["y.npy"]));
    }

    [Fact]
    public void An_input_with_nan_names_the_sample()
    {
        using var scratch = new Scratch();
        var array = new NdArray(2, 1, 128, 128);
        array[1][5] = float.NaN;
        Npy.Write(scratch["x.npy"], array);
        Assert.Contains("sample 1", Cli.Refuses("predict", Sample.Clean, "--input", scratch["x.npy"], "-o", scratch["y.npy"]));
    }

    [Fact]
    public void An_operator_that_is_not_supported_is_named_with_its_node_and_opset()
    {
        using var scratch = new Scratch();
        var net = new Models.Onnx.OnnxBuilder("odd");
        net.Output(net.Node("Frobnicate", [net.Input("image", [1, 1, 8, 8])]), "y").Save(scratch["odd.onnx"]);
        var sentence = Cli.Refuses("layers", scratch["odd.onnx"]);
        Assert.Contains("Frobnicate", sentence);
        Assert.Contains("17", sentence);
    }

    [Fact]
    public void A_network_with_weights_that_are_no_numbers_is_refused_before_it_is_explained()
    {
        using var scratch = new Scratch();
        var net = new Models.Onnx.OnnxBuilder("broken");
        var y = net.Node("Conv", [net.Input("image", [1, 1, 8, 8]), net.Weight("stem.weight", [2, 1, 8, 8], Enumerable.Repeat(float.NaN, 128).ToArray())]);
        net.Output(net.Node("Flatten", [y]), "y").Save(scratch["broken.onnx"]);
        Npy.Write(scratch["x.npy"], new NdArray(1, 1, 8, 8));
        Assert.Contains("stem.weight", Cli.Refuses("predict", scratch["broken.onnx"], "--input", scratch["x.npy"], "-o", scratch["y.npy"]));
        Assert.False(File.Exists(scratch["y.npy"]));
    }

    [Fact]
    public void A_report_folder_that_cannot_be_made_is_named()
    {
        using var scratch = new Scratch();
        scratch.Write("taken", "a file where a folder should be");
        Assert.Contains("taken", Cli.Refuses("inspect", Sample.Clean, "--data", Sample.Labels, "-o", scratch["taken/run"]));
    }

    [Fact]
    public void An_input_of_the_wrong_shape_is_refused_with_shapes()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray(1, 3, 128, 128));
        Assert.Contains("3", Cli.Refuses("predict", Sample.Clean, "--input", scratch["x.npy"], "-o", scratch["y.npy"]));
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_named()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray(1, 1, 128, 128));
        scratch.Write("taken", "a file where a folder should be");
        Assert.Contains("taken", Cli.Refuses("predict", Sample.Clean, "--input", scratch["x.npy"], "-o", scratch["taken/y.npy"]));
    }

    [Theory]
    [InlineData("attribute", "--method", "grad-cm", "grad-cam")]
    [InlineData("embed", "--method", "tsne", "t-sne")]
    public void A_misspelt_method_suggests_near_ones(string verb, string option, string given, string meant)
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray(4, 1, 128, 128));
        var sentence = verb == "embed"
            ? Cli.Refuses(verb, scratch["x.npy"], option, given, "-o", scratch["y.npy"])
            : Cli.Refuses(verb, Sample.Clean, "--input", scratch["x.npy"], option, given, "--target", "0", "--layer", "*", "-o", scratch["y.npy"]);
        Assert.Contains(meant, sentence);
    }

    [Theory]
    [InlineData("`inspct` is unknown to `modelinspector`. Near: inspect", "inspct", "model.onnx")]
    [InlineData("`sam` is unknown to `modelinspector study`. Near: sam-specificity", "study", "sam")]
    [InlineData("`--methd` is unknown to `modelinspector attribute`. Near: --method", "attribute", "model.onnx", "--methd", "sam")]
    public void A_mistyped_name_is_answered_with_the_one_that_was_meant(string sentence, params string[] arguments)
    {
        var (code, _, error) = Cli.Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error);
    }

    [Theory]
    [InlineData("inspect <MODEL>")]
    [InlineData("sam-specificity", "study")]
    public void A_command_that_only_holds_others_lists_them(string listed, params string[] arguments)
    {
        var (code, _, error) = Cli.Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(listed, error);
    }

    [Fact]
    public void An_unknown_verb_or_option_is_bad_usage_with_exit_code_2()
    {
        Assert.Equal(2, Cli.Run("inspekt").Code);
        Assert.Equal(2, Cli.Run("layers", Sample.Clean, "--jsn").Code);
        Assert.Equal(2, Cli.Run("predict", Sample.Clean).Code);
    }
}
