using System.IO.Compression;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Models.TorchScript;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Which files are opened, and what is said of the others.</summary>
public class TorchScriptLoaderTests
{
    [SkippableTheory]
    [InlineData("cifar-resnet20", 3, 32, 1e-5)]
    [InlineData("fashion-cnn", 1, 28, 1e-5)]
    public void A_real_network_gives_the_scores_of_its_onnx_twin(string name, int channels, int size, double tolerance)
    {
        var folder = Path.Combine(Shared.Folder("real"), "models");
        Skip.IfNot(Model.Loaders.Any(loader => loader.Recognises(name + ".onnx", [8, 7])), "There is no ONNX loader to compare with.");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var batch = Drawn.Normal(3, 4, channels, size, size);
        using var script = Model.Open(Path.Combine(folder, name + ".pt"), new OpenOptions(InputShape: [1, channels, size, size]));
        using var onnx = Model.Open(Path.Combine(folder, name + ".onnx"));
        Near.Equal(Batches.ToArray(onnx.Run(batch).First), Batches.ToArray(script.Run(batch).First), tolerance, name);
    }

    [SkippableFact]
    public void ResNet_20_has_its_known_number_of_parameters_and_layers_by_module_path()
    {
        using var model = Model.Open(Path.Combine(Shared.Folder("real"), "models", "cifar-resnet20.pt"), new OpenOptions(InputShape: [1, 3, 32, 32]));
        // 269,722 is the published count of ResNet-20 with parameter-free shortcuts.
        Assert.Equal(269_722, model.Graph.Parameters);
        Assert.Equal([1, 16, 32, 32], model.Graph.Find("layer1.0.conv1").Output.AsEnumerable());
        Assert.Equal(2304, model.Graph.Find("layer1.0.conv1").Parameters);
        Assert.Equal([1, 64, 8, 8], model.Graph.Find("layer3.2").Output.AsEnumerable());
    }

    [Fact]
    public void A_file_that_is_no_network_is_refused_by_what_it_is()
    {
        Assert.Contains("`hello, this is ", Refusal("hello, this is text\n"u8.ToArray()), StringComparison.Ordinal);
        Assert.Contains("before PyTorch 1.6", Refusal([0x80, 2, 0x8a, 10, 0]), StringComparison.Ordinal);
        Assert.Contains("holds weights", Refusal(Zip(("archive/data.pkl", [0x80, 2]), ("archive/data/0", [1, 2, 3, 4]))), StringComparison.Ordinal);
        Assert.Contains("`readme.txt`", Refusal(Zip(("readme.txt", [1]))), StringComparison.Ordinal);
    }

    // A trace has none; nearly every scripted module of a library calls some.
    [Fact]
    public void Functions_outside_of_modules_are_followed()
    {
        using var act = new ScriptSource("Act").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n");
        using var saved = new TemporaryFile(".pt");
        act.Save(saved.Path);
        var entries = WithFunction(Entries(File.ReadAllBytes(saved.Path)));
        using var file = new TemporaryFile(".pt");
        File.WriteAllBytes(file.Path, Zip([.. entries.Where(entry => !entry.Key.EndsWith(".debug_pkl", StringComparison.Ordinal)).Select(entry => (entry.Key, entry.Value))]));
        using var scope = NewDisposeScope();
        using var model = new TorchScriptLoader().Open(file.Path, new OpenOptions(InputShape: [1, 4]));
        Assert.Equal([0, 2, 1, 3], Batches.ToArray(model.Run(arange(4f).reshape(1, 4)).First).Values);
    }

    [Theory]
    [InlineData("class A(Module):\n  x = 3\n", "sets `x`")]
    [InlineData("class A(Module):\n  training : bool\n  x : List[\ndef \n]\n  y = 3\n", "sets `y`")]
    [InlineData("def f(x: Tensor) -> Tensor:\n  y = x\n  return y\nclass A(Module):\n  z = 3\n", "sets `z`")]
    [InlineData("class A(Module):\n  __parameters__ = []\n  def forward(self: A) -> int:\n    y = 3\n    return y\ndef f(\n    x: Tensor) -> Tensor:\n  a, b, = f(x)\n  c = \"(\"\n  return a\n", null)]
    public void Attributes_without_a_type_are_found_in_classes_alone(string code, string? problem)
    {
        var found = ScriptCode.Problem(System.Text.Encoding.UTF8.GetBytes(code));
        if (problem is null) Assert.Null(found);
        else Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var file = SmallNetwork();
        foreach (var share in new[] { 0.05, 0.4, 0.8, 0.999 })
            Assert.Contains("damaged", Refusal(file[..(int)(file.Length * share)]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_byte_in_the_weights_is_found_by_its_checksum()
    {
        var file = SmallNetwork();
        var ones = BitConverter.GetBytes(1.25f);
        file[file.AsSpan().IndexOf(ones)] ^= 1;
        Assert.Contains("checksum", Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_networks_are_opened_or_refused_and_nothing_else_happens()
    {
        var random = new Random(3);
        var file = SmallNetwork();
        for (var round = 0; round < Mutation.Rounds(300); round++) OpenOrRefuse(Mutation.Of(file, random));
    }

    [Fact]
    public void Mutated_code_and_pickles_with_right_checksums_are_opened_or_refused_and_nothing_else_happens()
    {
        var random = new Random(4);
        var entries = WithFunction(Entries(SmallNetwork()));
        var targets = entries.Keys.Where(name => !name.Contains("/data/", StringComparison.Ordinal)).ToArray();
        for (var round = 0; round < Mutation.Rounds(300); round++)
        {
            var target = targets[round % targets.Length];
            var mutated = new Dictionary<string, byte[]>(entries) { [target] = Mutation.Of(entries[target], random) };
            OpenOrRefuse(Zip([.. mutated.Select(entry => (entry.Key, entry.Value))]));
        }
    }

    // What scripting writes where a module calls a function.
    private static Dictionary<string, byte[]> WithFunction(Dictionary<string, byte[]> entries)
    {
        var code = entries.Keys.First(name => name.EndsWith("__torch__.py", StringComparison.Ordinal));
        var text = System.Text.Encoding.UTF8.GetString(entries[code]).Replace("torch.relu(x)", "__torch__.shuffled(x, 2, )", StringComparison.Ordinal);
        entries[code] = System.Text.Encoding.UTF8.GetBytes(text
            + "def shuffled(x: Tensor,\n    groups: int) -> Tensor:\n  b, c, = torch.size(x)\n  y = torch.transpose(torch.view(x, [b, groups, torch.floordiv(c, groups)]), 1, 2)\n"
            + "  return torch.reshape(y, [b, c])\n");
        return entries;
    }

    private static void OpenOrRefuse(byte[] content)
    {
        using var target = new TemporaryFile(".pt");
        File.WriteAllBytes(target.Path, content);
        if (Environment.GetEnvironmentVariable("MODELINSPECTOR_FUZZ_KEEP") is { } keep) File.Copy(target.Path, keep, overwrite: true);
        try
        {
            new TorchScriptLoader().Open(target.Path, new OpenOptions(InputShape: [1, 2])).Dispose();
        }
        catch (InputException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    private static Dictionary<string, byte[]> Entries(byte[] file)
    {
        using var archive = new ZipArchive(new MemoryStream(file));
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            var content = new MemoryStream();
            using var stream = entry.Open();
            stream.CopyTo(content);
            return content.ToArray();
        });
    }

    /// <summary>A network with a bit of everything: sub-module, buffer, list, loop, branch, text, tuple.</summary>
    private static byte[] SmallNetwork()
    {
        using var file = new TemporaryFile(".pt");
        using var act = new ScriptSource("Act").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n");
        using var net = new ScriptSource("Net").Child("act", act)
            .Parameter("weight", full(new long[] { 2, 2 }, 1.25f))
            .Parameter("mean", full(new long[] { 2 }, 0.5f), buffer: true)
            .Define("""
                def scale(self, x: Tensor, by: float) -> Tensor:
                  return x * by
                def forward(self, x: Tensor) -> Tensor:
                  parts = [torch.linear(x, self.weight) - self.mean]
                  for i in range(2):
                    parts.append(self.act.forward(parts[-1]))
                  pair = (parts[0], "text")
                  if x.size(0) > 1:
                    y = self.scale(parts[1], 0.5)
                  else:
                    y = parts[1] + pair[0]
                  return torch.cat([y, parts[2]], 1)
                """);
        net.Save(file.Path);
        return File.ReadAllBytes(file.Path);
    }

    private static string Refusal(byte[] content)
    {
        using var file = new TemporaryFile(".pt");
        File.WriteAllBytes(file.Path, content);
        return Assert.Throws<InputException>(() => new TorchScriptLoader().Open(file.Path, new OpenOptions())).Message;
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }
}
