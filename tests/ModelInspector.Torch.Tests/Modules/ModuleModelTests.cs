using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using ModelInspector.Attribution;
using ModelInspector.Models;
using ModelInspector.Models.Costs;
using ModelInspector.Models.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Modules;

/// <summary>Networks written in C#, opened from a library.</summary>
public class ModuleModelTests
{
    [Fact]
    public void Layers_are_the_calls_of_a_run_by_module_path()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("SmallNet", null, 1, 1, 16, 12);
        Assert.Equal(["stem.conv", "stem.bn", "stem.relu", "block.conv", "block.relu", "block.conv_1", "block.relu_1", "head"], model.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal(["Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "ReLU", "Conv2d", "ReLU", "Linear"], model.Graph.Layers.Select(layer => layer.Op));
        Assert.Equal([40, 8, 0, 148, 0, 0, 0, 15], model.Graph.Layers.Select(layer => layer.Parameters));
        Assert.Equal("stem.relu", model.Graph.Find("stem").Name);
        Assert.Equal("block.relu_1", model.Graph.Find("block").Name);
        Assert.True(model.Graph.Find("block.conv_1").Output.SequenceEqual([1, 4, 8, 6]));
        Assert.Equal("stem.conv", Assert.Single(model.Graph.Find("stem.bn").Inputs));
        Assert.Equal("TorchSharp", model.Graph.Format);
    }

    [Fact]
    public void Every_call_has_a_name_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("Colliding", null, 1, 2);
        Assert.Equal(["conv", "conv_2", "conv_1"], model.Graph.Layers.Select(layer => layer.Name));
        var seen = new List<string>();
        model.Run(ones(1, 2), (layer, _, _) =>
        {
            seen.Add(layer.Name);
            return null;
        });
        Assert.Equal(model.Graph.Layers.Select(layer => layer.Name), seen);
    }

    [Fact]
    public void A_library_beside_it_belongs_to_the_network()
    {
        using var folder = new Onnx.TemporaryFolder();
        File.Copy(Example.Library, folder["net.dll"]);
        File.Copy(typeof(torch).Assembly.Location, folder["LibTorch.dll"]);
        using var alone = Model.Open(folder["net.dll"], new OpenOptions { Type = "SmallNet" });
        File.Copy(Example.Library, folder["layers.dll"]);
        using var beside = Model.Open(folder["net.dll"], new OpenOptions { Type = "SmallNet" });
        Assert.NotEqual(alone.Graph.Sha256, beside.Graph.Sha256);
    }

    [Fact]
    public void A_class_of_the_users_may_be_called_like_one_of_the_librarys()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("Misnamed", null, 1, 1, 8, 8);
        var costs = LayerCosts.Of(model, zeros(1, 1, 8, 8), runs: 1).ToDictionary(cost => cost.Layer.Name);
        Assert.False(costs["conv"].Field!.IsWhole);
        Assert.True(costs["identity"].Field!.IsWhole, "what it reads is not known, so it may be everything");
    }

    [Fact]
    public void A_tap_sees_every_layer_and_what_it_returns_takes_the_outputs_place()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("SmallNet", null, 2, 1, 16, 16);
        var (input, seen) = (Drawn.Normal(1, 2, 1, 16, 16), new List<string>());
        var plain = model.Run(input).First;
        var tapped = model.Run(input, (layer, inputs, output) =>
        {
            seen.Add(layer.Name);
            Assert.Equal(1, inputs.Length);
            return layer.Name == "head" ? output + 1 : null;
        }).First;
        Assert.Equal(model.Graph.Layers.Select(layer => layer.Name), seen);
        Assert.True(tapped.allclose(plain + 1));
    }

    [Fact]
    public void What_a_tap_keeps_is_not_overwritten_in_place()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("SmallNet", null, 1, 1, 16, 16);
        Tensor? kept = null;
        model.Run(Drawn.Normal(1, 1, 1, 16, 16), (layer, _, output) =>
        {
            if (layer.Name == "stem.bn") kept = output.alias();
            return null;
        });
        Assert.True(kept!.min().item<float>() < 0, "the activation behind it rectified what was kept");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_network_that_writes_into_its_layers_outputs_changes_no_kept_value(bool isShapeKnown)
    {
        using var scope = NewDisposeScope();
        using var model = isShapeKnown ? Example.Open("Overwriting", null, 1, 2) : Example.Open("Overwriting");
        if (isShapeKnown) Assert.Contains("writes into its layers' outputs", Assert.Single(model.Graph.Notes), StringComparison.Ordinal);
        Tensor? kept = null, copy = null;
        var input = ones(1, 2);
        var plain = model.Run(input).First;
        var tapped = model.Run(input, (layer, _, output) =>
        {
            if (layer.Name == "first") (kept, copy) = (output.alias(), output.clone());
            return null;
        }).First;
        Assert.True(kept!.allclose(copy!));
        Assert.True(plain.allclose(tapped));
    }

    [Fact]
    public void Gradients_flow_through_it()
    {
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)Example.Open("SmallNet", null, 2, 1, 16, 16);
        var batch = Drawn.Normal(1, 2, 1, 16, 16);
        var pairs = LayerGradients.Of(model, batch, model.Graph.Layers, new ClassTarget([1, 2]));
        Assert.Equal(model.Graph.Layers.Length, pairs.Count);
        Assert.All(pairs.Where(pair => pair.Layer.Op is "Conv2d"), pair => Assert.True(pair.Gradient.abs().sum().item<float>() > 0));
    }

    // Linear between kinks, and without any here: the finite difference is the gradient to rounding.
    [Fact]
    public void Its_gradient_is_what_a_small_step_changes()
    {
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)Example.Open("Colliding", null, 1, 2);
        var batch = tensor(new[] { 0.5f, -1.25f }).reshape(1, 2);
        var gradient = LayerGradients.OfInput(model, batch, new ClassTarget([1]));
        foreach (var at in new[] { 0, 1 })
        {
            var step = zeros(1, 2);
            step[0, at] = 1;
            var change = (model.Run(batch + step).First - model.Run(batch - step).First)[0, 1].item<float>() / 2;
            Assert.Equal(gradient[0, at].item<float>(), change, 1e-5f);
        }
    }

    [Fact]
    public void Hooks_are_gone_after_a_run_even_when_a_module_throws()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("Failing", null, 1, 2);
        var taps = 0;
        var message = Assert.Throws<InputException>(() => model.Run(full([1, 2], -5f), (_, _, _) =>
        {
            taps++;
            return null;
        })).Message;
        Assert.Contains("layer second", message, StringComparison.Ordinal);
        Assert.Contains("nothing below -2 is allowed here", message, StringComparison.Ordinal);
        var before = taps;
        Assert.Equal(2, model.Run(ones(1, 2)).First.shape[1]);
        Assert.Equal(before, taps);
    }

    [Fact]
    public void A_wrong_shape_is_refused_with_the_layer_that_refused_it()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("SmallNet");
        Assert.Contains("layer stem.conv cannot run on an input of shape (1, 3, 8, 8)", Assert.Throws<InputException>(() => model.Run(zeros(1, 3, 8, 8))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_cost_and_see_what_their_modules_say()
    {
        using var scope = NewDisposeScope();
        using var model = Example.Open("SmallNet", null, 1, 1, 16, 16);
        var costs = LayerCosts.Of(model, zeros(1, 1, 16, 16), runs: 2).ToDictionary(cost => cost.Layer.Name);
        Assert.Equal([64 * 4 * 9, 64 * 4 * 4 * 9, 12], new[] { "stem.conv", "block.conv", "head" }.Select(name => costs[name].MultiplyAdds));
        Assert.Equal(new AxisField(3, 2, -1), costs["stem.relu"].Field!.Axes[0]);
        Assert.Equal(new AxisField(11, 2, -5), costs["block.conv_1"].Field!.Axes[1]);
        // What the network adds between its modules is not seen: from there on nothing is claimed.
        Assert.Null(costs["block.relu_1"].Field);
        Assert.All(costs.Values, cost => Assert.True(cost.Time > TimeSpan.Zero));
    }

    [Fact]
    public void A_type_that_is_no_network_is_refused_with_those_that_are()
    {
        Assert.Contains("Choose by --type: ModelInspector.Modules.Example.Block, ModelInspector.Modules.Example.Colliding, ModelInspector.Modules.Example.Demanding", Example.Refusal(null), StringComparison.Ordinal);
        Assert.Contains("no single network `Missing`", Example.Refusal("Missing"), StringComparison.Ordinal);
        Assert.Contains("no public constructor that can be called without arguments", Example.Refusal("Demanding"), StringComparison.Ordinal);
        Assert.Contains("Expected a class that inherits nn.Module<Tensor, Tensor>", Example.Refusal("Pair"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_none_is_refused()
    {
        using var file = new TorchScript.TemporaryFile(".dll");
        File.WriteAllText(file.Path, "MZ and nothing more");
        Assert.Contains("is no .NET assembly", Assert.Throws<InputException>(() => Model.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_is_unloaded_with_its_network()
    {
        var library = Opened();
        for (var round = 0; round < 20 && library.IsAlive; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(library.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Opened()
    {
        using var assembly = new ModuleAssembly(Example.Library);
        return new WeakReference(assembly.Find("SmallNet").Assembly);
    }

    [Fact]
    public void What_was_compiled_against_the_official_package_finds_its_types_here()
    {
        var context = new AssemblyLoadContext("test", isCollectible: true);
        using var image = new MemoryStream(ForwardingAssembly.Named("TorchSharp", typeof(torch).Assembly));
        var official = context.LoadFromStream(image);
        Assert.Equal("TorchSharp", official.GetName().Name);
        Assert.Same(typeof(nn.Module<Tensor, Tensor>).GetGenericTypeDefinition(), official.GetType("TorchSharp.torch+nn+Module`2"));
        Assert.Same(typeof(TorchSharp.Modules.Conv2d), official.GetType("TorchSharp.Modules.Conv2d"));
        context.Unload();
    }

    [Fact]
    public void Nothing_is_left_alive() => Leaks.None(() =>
    {
        using var model = Example.Open("SmallNet", null, 1, 1, 16, 16);
        using var input = Drawn.Normal(1, 1, 1, 16, 16);
        model.Run(input, (_, _, output) => output.clone()).Dispose();
    });
}
