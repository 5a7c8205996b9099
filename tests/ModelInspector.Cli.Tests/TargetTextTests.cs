using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Tests;

/// <summary>What `--target` says.</summary>
public class TargetTextTests
{
    [Theory]
    [InlineData("predicted", "score of the predicted class, before soft-max")]
    [InlineData("3", "score of class 3, before soft-max")]
    [InlineData("probability:3", "probability behind the score of class 3")]
    [InlineData("probability:predicted", "probability behind the score of the predicted class")]
    [InlineData("margin:3", "score of class 3, before soft-max, minus that of the best other class")]
    [InlineData("margin:3:1", "score of class 3, before soft-max, minus score of class 1, before soft-max")]
    [InlineData("output", "value of the first output")]
    [InlineData("output:3,1", "value [3, 1] of the first output")]
    [InlineData("output:3@boxes", "value [3] of output boxes")]
    [InlineData("output@age", "value of output age")]
    [InlineData("segmentation:2", "score of class 2, before soft-max, averaged over where it is predicted")]
    [InlineData("unit:7@layer1.0:relu", "channel 7 of layer layer1.0:relu, mean over positions")]
    [InlineData("unit:7,2,3@layer1", "channel 7 of layer layer1 at (2, 3)")]
    public void Every_form_means_what_it_says(string text, string name) => Assert.Equal(name, TargetText.Parse(text, 4).For(0, 2).Name);

    [Fact]
    public void One_class_a_sample_is_handed_out_batch_by_batch()
    {
        var targets = TargetText.Parse("margin:0,1,2,3:4", 4);
        Assert.Equal([2, 3], ((ClassTarget)((MarginTarget)targets.For(2, 2)).Class).Classes.ToArray());
        Assert.Equal([4], ((ClassTarget)((MarginTarget)targets.For(2, 2)).Against!).Classes.ToArray());
    }

    [Fact]
    public void A_region_of_its_own_for_each_sample_is_handed_out_batch_by_batch()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["region.npy"], new NdArray([3, 1, 2], [1, 2, 3, 4, 5, 6]));
        var target = (SegmentationTarget)TargetText.Parse($"segmentation:1:{scratch["region.npy"]}", 3).For(1, 2);
        Assert.Equal([3, 4, 5, 6], target.Region!.Values.ToArray());
        Assert.Throws<InputException>(() => TargetText.Parse($"segmentation:1:{scratch["region.npy"]}", 4));
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("-1")]
    [InlineData("margin:")]
    [InlineData("unit:3")]
    [InlineData("unit:@layer")]
    [InlineData("output:x@y")]
    [InlineData("")]
    public void Anything_else_is_refused_with_the_forms_there_are(string text) =>
        Assert.Contains("unit:CHANNEL", Assert.Throws<UsageException>(() => TargetText.Parse(text, 2)).Message);

    [Fact]
    public void As_many_classes_as_samples_or_one_are_needed() =>
        Assert.Contains("2 targets are given for 3 samples", Assert.Throws<InputException>(() => TargetText.Parse("0,1", 3)).Message);
}
