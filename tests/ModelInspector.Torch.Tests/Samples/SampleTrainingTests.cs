using ModelInspector.Datasets;
using ModelInspector.Images;
using ModelInspector.Models;
using ModelInspector.Samples;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Samples;

public sealed class SampleTrainingTests : IDisposable
{
    private static readonly SampleTraining Tiny = new(Patients: 3, Epochs: 1, HeldOut: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_tiny_training_writes_everything_that_an_inspection_needs()
    {
        var steps = new List<Step>();
        var result = Tiny.Run(folder, new OpenCvImageCodec(), Job.Quiet(2) with { Progress = new Listener(steps) });
        Assert.Equal(5, result.Clean.Sum(group => group.Images));
        Assert.Equal(["README.md", "clean.dat", "clean.onnx", "model.json", "shortcut.dat", "shortcut.onnx"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains(steps, step => step is { Stage: "training shortcut", Done: 1, Total: 1 });
        using var model = Model.Open(Path.Combine(folder, "clean.onnx"));
        var preprocessing = Preprocessing.For(Path.Combine(folder, "clean.onnx"), null, model.Graph.Inputs[0]);
        using var reader = new SampleReader(
            DataSet.Open(Path.Combine(folder, "held-out", "labels.csv"), DataOptions.None with { Classes = preprocessing.Classes }), preprocessing, new OpenCvImageCodec());
        Assert.Equal((5, 5), (reader.Count, reader.Data.MaskCount));
        Assert.Equal((int[])[1, 128, 128], reader.Shape.AsEnumerable());
    }

    [Fact]
    public void The_same_seed_trains_the_same_network_and_leaves_nothing_alive()
    {
        var (first, second) = (Path.Combine(folder, "a"), Path.Combine(folder, "b"));
        Tiny.Run(first, new OpenCvImageCodec(), Job.Quiet(2));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Tiny.Run(second, new OpenCvImageCodec(), Job.Quiet(2));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        foreach (var file in (string[])["clean.dat", "clean.onnx", "shortcut.onnx", "README.md"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file)));
    }

    [Fact]
    public void A_network_of_the_same_seed_has_the_same_weights()
    {
        using var scope = NewDisposeScope();
        using PhantomNet one = new(1), same = new(1), other = new(2);
        using var input = ones(2, 1, 128, 128);
        foreach (var net in (PhantomNet[])[one, same, other]) net.eval();
        var expected = one.call(input).data<float>().ToArray();
        Assert.Equal(10, expected.Length);
        Assert.Equal(expected, same.call(input).data<float>().ToArray());
        Assert.NotEqual(expected, other.call(input).data<float>().ToArray());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        var file = Path.Combine(folder, "taken");
        File.WriteAllText(file, "");
        Assert.Contains(file, Assert.Throws<InputException>(() => Tiny.Run(file, new OpenCvImageCodec(), Job.Quiet())).Message, StringComparison.Ordinal);
    }

    private sealed class Listener(List<Step> steps) : IProgress<Step>
    {
        public void Report(Step value)
        {
            lock (steps) steps.Add(value);
        }
    }
}
