using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Attribution.Rules;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution.Rules;

public class LrpTests
{
    public static TheoryData<Composite, bool> CompositesAndBias
    {
        get
        {
            var cases = new TheoryData<Composite, bool>();
            foreach (var composite in Enum.GetValues<Composite>())
                foreach (var ignoreBias in new[] { false, true }) cases.Add(composite, ignoreBias);
            return cases;
        }
    }

    /// <summary>α2β1 conserves only where something adds and something takes away, and treats convolutions unlike linear layers: it has a test of its own.</summary>
    public static TheoryData<Composite> ButAlphaBeta => [.. Enum.GetValues<Composite>().Where(composite => composite != Composite.Alpha2Beta1)];

    [Fact]
    public void The_rule_zero_equals_the_hand_computed_values()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("linear", "Gemm", Toys.Linear, full([3, 3], 2f)),
            new("relu", "Relu", (x, _) => x.relu()),
            new("linear2", "Gemm", Toys.Linear, full([1, 3], 3f)));
        var x = tensor(new float[] { 1, 2, 3 }).reshape(1, 3);
        Near.Equal([18, 36, 54], new Lrp(Composite.Zero).Attribute(model, x, new ClassTarget(0), Job.Quiet()), 1e-5);
        Near.Equal([36, 36, 36], new Lrp(Composite.Zero).Attribute(model, x, model.Graph.Find("linear"), new ClassTarget(0), Job.Quiet()), 1e-5);
    }

    [Theory, MemberData(nameof(CompositesAndBias))]
    public void Every_composite_equals_a_replica_in_double_on_linear_layers(Composite composite, bool ignoreBias)
    {
        using var scope = NewDisposeScope();
        var (w1, b1, w2, b2) = (Drawn.Normal(1, 5, 4), Drawn.Normal(2, 5) * 0.3, Drawn.Normal(3, 3, 5), Drawn.Normal(4, 3) * 0.3);
        float[][] copies = [Floats(w1), Floats(b1), Floats(w2), Floats(b2)];
        using var model = Toys.Net(
            new("first", "Gemm", Toys.Linear, w1, b1),
            new("relu", "Relu", (v, _) => v.relu()),
            new("second", "Gemm", Toys.Linear, w2, b2));
        var x = Drawn.Normal(5, 1, 4);
        var hidden = Replica.Forward(Doubles(x), copies[0], copies[1]);
        var active = hidden.Select(value => Math.Max(0, value)).ToArray();
        var scores = Replica.Forward(active, copies[2], copies[3]);
        var relevance = scores.Select((score, k) => k == 1 ? score : 0).ToArray();
        var (first, other) = Replica.Rules(composite, Doubles(x).Min(), Doubles(x).Max());
        var (c1, c2) = ignoreBias ? (new float[5], new float[3]) : (copies[1], copies[3]);
        var expected = first(Doubles(x), copies[0], c1, other(active, copies[2], c2, relevance));
        Near.Equal([.. expected.Select(value => (float)value)], new Lrp(composite, 0.01, IgnoreBias: ignoreBias).Attribute(model, x, new ClassTarget(1), Job.Quiet()), 2e-5);
    }

    [Theory, MemberData(nameof(ButAlphaBeta))]
    public void A_convolution_gives_what_the_linear_layer_does_that_it_is(Composite composite)
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (Drawn.Normal(6, 2, 3, 4, 4), Drawn.Normal(7, 2) * 0.1);
        var x = Drawn.Normal(8, 2, 3, 4, 4);
        using var convolved = Toys.Net(new("first", "Conv", Toys.Convolved, weight.clone(), bias.clone()), new("flat", "Flatten", (v, _) => v.flatten(1)));
        using var linear = Toys.Net(new("flat", "Flatten", (v, _) => v.flatten(1)), new("first", "Gemm", Toys.Linear, weight.flatten(1), bias));
        var same = composite == Composite.EpsilonPlus ? Composite.ZPlus : composite; // ε-plus has another rule for linear layers
        var expected = new Lrp(same).Attribute(linear, x, new ClassTarget(1), Job.Quiet());
        Near.Equal(Floats(expected), new Lrp(composite).Attribute(convolved, x, new ClassTarget(1), Job.Quiet()), 1e-4);
    }

    [Theory, MemberData(nameof(ButAlphaBeta))]
    public void Relevance_is_conserved_where_nothing_is_added(Composite composite)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead(3);
        var x = Drawn.Normal(9, 3, 1, 8, 8);
        var arrived = new Lrp(composite, 1e-9).Attribute(model, x, new ClassTarget(2), Job.Quiet()).flatten(1).sum(1);
        Near.Equal(Floats(model.Run(x).First.select(1, 2)), arrived, 1e-3);
    }

    [Theory, MemberData(nameof(ButAlphaBeta))]
    public void Relevance_is_conserved_among_constants_that_take_nothing(Composite composite)
    {
        // A convolution and a linear layer with a bias, a constant added on its own, a batch norm with nothing before it, and a layer norm's shift; leaky, since
        // what is a constant and nothing else (behind a ReLU that is off) goes to nobody.
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Parameter("w", Drawn.Normal(1, 4, 2, 3, 3) * 0.3).Parameter("b", Drawn.Normal(2, 4)).Parameter("c", Drawn.Normal(3, 1, 4, 1, 1).abs())
            .Parameter("s", Drawn.Even(4, 4) + 0.5).Parameter("z", zeros(4)).Parameter("o", ones(4)).Parameter("v", Drawn.Normal(5, 3, 4)).Parameter("d", Drawn.Normal(6, 3)).Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = torch.leaky_relu(torch.conv2d(x, self.w, self.b), 0.1) + self.c
              y = torch.batch_norm(torch.leaky_relu(y, 0.1), self.s, self.b, self.z, self.o, False, 0.1, 1e-5, False)
              y = torch.layer_norm(torch.mean(y, [2, 3]), [4], self.s, self.b)
              return torch.linear(y, self.v, self.d)
            """);
        using var model = net.Open(1, 2, 6, 6);
        var x = Drawn.Normal(7, 2, 2, 6, 6);
        var score = Floats(model.Run(x).First.select(1, 2));
        Near.Equal(score, Arrived(true), 1e-3);
        Assert.True(Floats(Arrived(false)).Zip(score, (arrived, whole) => Math.Abs(arrived - whole)).Max() > 0.02);
        Tensor Arrived(bool ignoreBias) => new Lrp(composite, 1e-7, IgnoreBias: ignoreBias).Attribute(model, x, new ClassTarget(2), Job.Quiet()).flatten(1).sum(1);
    }

    [Theory, InlineData(Composite.Alpha2Beta1), InlineData(Composite.Alpha2Beta1Flat)]
    public void Alpha_beta_conserves_where_something_adds_and_something_takes_away(Composite composite)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("conv", "Conv", Toys.Convolved, tensor(new float[] { 2, -1, 0.5f, -0.25f }).reshape(1, 1, 2, 2)),
            new("flat", "Flatten", (v, _) => v.flatten(1)));
        var x = tensor(new float[] { 1, 2, 3, 4 }).reshape(1, 1, 2, 2);
        var relevance = new Lrp(composite, 0).Attribute(model, x, new ClassTarget(0), Job.Quiet());
        // 2 − 2 + 1.5 − 1 = 0.5: what adds gets 2 · 0.5 in proportion to 2 and 1.5, what takes away −1 · 0.5 in proportion to 2 and 1.
        float[] expected = composite == Composite.Alpha2Beta1 ? [4 / 7f, -1 / 3f, 3 / 7f, -1 / 6f] : [0.125f, 0.125f, 0.125f, 0.125f];
        Near.Equal(expected, relevance, 1e-5);
    }

    [Fact]
    public void Without_constants_the_rule_zero_is_input_times_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(10, 2, 1, 8, 8);
        Near.Equal(Floats(new InputTimesGradient().Attribute(model, x, new ClassTarget(0), Job.Quiet())), new Lrp(Composite.Zero).Attribute(model, x, new ClassTarget(0), Job.Quiet()), 1e-4);
    }

    [SkippableTheory]
    [InlineData("gap")]
    [InlineData("residual")]
    [InlineData("mobile")]
    [InlineData("vit")]
    public void Both_formats_of_a_network_get_the_same_relevance_though_one_has_its_batch_norms_merged_and_its_layer_norms_written_out(string name)
    {
        using var scope = NewDisposeScope();
        foreach (var composite in new[] { Composite.EpsilonPlus, Composite.EpsilonGammaBox, Composite.Alpha2Beta1Flat })
        {
            var maps = ConformanceCase.Formats.Select(format => Of(new ConformanceCase(name), format, composite)).ToList();
            Near.EqualButFor(0.001, 0.05, Batches.ToArray(maps[0]), Batches.ToArray(maps[1]), 2e-3, $"{composite} in both formats");
            Assert.True(maps[0].abs().max().item<float>() > 0);
        }
    }

    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void How_much_relevance_arrives_is_told(string format)
    {
        using var scope = NewDisposeScope();
        var told = new List<string?>();
        var reference = new ConformanceCase("residual");
        using var model = (GraphModel)reference.Open(format);
        new Lrp().Attribute(model, reference.InputTensor(), new ClassTarget([.. reference.Targets]), new Job(0, new Told(told), CancellationToken.None));
        Assert.Matches("^relevance [-0-9.]+ of [-0-9.]+ arrives", told[^1]);
    }

    [Fact]
    public void A_batch_norm_behind_a_convolution_is_merged_into_it_and_any_other_is_shared_by_epsilon()
    {
        using var scope = NewDisposeScope();
        var (w, b, scale, shift, mean, variance) = (Drawn.Normal(11, 3, 2, 3, 3), Drawn.Normal(12, 3), Drawn.Even(13, 3) + 0.5, Drawn.Normal(14, 3), Drawn.Normal(15, 3), Drawn.Even(16, 3) + 0.5);
        var factor = scale / (variance + 1e-5).sqrt();
        using var apart = Toys.Net(
            new("conv", "Conv", Toys.Convolved, w.clone(), b.clone()),
            new("bn", "BatchNormalization", (x, p) => nn.functional.batch_norm(x, p[2], p[3], p[0], p[1]), scale.clone(), shift.clone(), mean.clone(), variance.clone()),
            new("relu", "Relu", (x, _) => x.relu()),
            new("pool", "GlobalAveragePool", (x, _) => x.mean([2, 3])));
        using var merged = Toys.Net(
            new("conv", "Conv", Toys.Convolved, w * factor.reshape(3, 1, 1, 1), (b - mean) * factor + shift),
            new("relu", "Relu", (x, _) => x.relu()),
            new("pool", "GlobalAveragePool", (x, _) => x.mean([2, 3])));
        var x = Drawn.Normal(17, 2, 2, 6, 6);
        foreach (var composite in Enum.GetValues<Composite>())
        {
            var expected = new Lrp(composite).Attribute(merged, x, new ClassTarget(1), Job.Quiet());
            Near.Equal(Floats(expected), new Lrp(composite).Attribute(apart, x, new ClassTarget(1), Job.Quiet()), 1e-3);
        }
        Near.Equal(Floats(new Lrp().Attribute(merged, x, merged.Graph.Find("conv"), new ClassTarget(1), Job.Quiet())),
            new Lrp().Attribute(apart, x, apart.Graph.Find("conv"), new ClassTarget(1), Job.Quiet()), 1e-4);
    }

    [Theory]
    [InlineData("x * torch.sigmoid(x)")]
    [InlineData("torch.silu(x)")]
    [InlineData("x * 0.5 * (1.0 + torch.erf(x / 1.4142135))")]
    [InlineData("x + torch.relu(x)")]
    [InlineData("torch.cat([x, torch.relu(x)], 1).chunk(2, 1)[1] * 2.0")]
    [InlineData("torch.layer_norm(x, [3])")]
    [InlineData("torch.layer_norm(x, [3], None, None, 0.5)")]
    [InlineData("torch.layer_norm(x.reshape(1, 1, 3).repeat(1, 2, 1), [2, 3], None, None, 0.5)[:, 0]")]
    [InlineData("torch.instance_norm(x.reshape(1, 1, 3), None, None, None, None, True, 0.1, 0.5, False)[:, 0]")]
    [InlineData("torch.matmul(torch.softmax(torch.matmul(x.t(), x), 1), x.t()).t()")]
    public void Gates_sums_splits_layer_norms_and_attention_keep_relevance(string formula)
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Define($"def forward(self, x: Tensor) -> Tensor:\n  return {formula}\n");
        using var model = net.Open(1, 3);
        var x = tensor(new float[] { 0.5f, 2, -0.7f }).reshape(1, 3);
        var relevance = new Lrp(Epsilon: 1e-9).Attribute(model, x, new OutputTarget("", 1), Job.Quiet());
        Assert.Equal(model.Run(x).First[0, 1].item<float>(), relevance.sum().item<float>(), 1e-4);
    }

    [Fact]
    public void A_gate_gets_nothing_and_of_two_equals_each_gets_half()
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.sigmoid(x[:, 0:1]) * x[:, 1:2] + x[:, 2:3] * x[:, 3:4]\n");
        using var model = net.Open(1, 4);
        Near.Equal([0, 1, 6, 6], new Lrp(Epsilon: 1e-9).Attribute(model, tensor(new float[] { 0, 2, 3, 4 }).reshape(1, 4), new ClassTarget(0), Job.Quiet()), 1e-5);
    }

    [Fact]
    public void An_operation_without_a_rule_is_named()
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.cumsum(x, 1)\n");
        using var model = net.Open(1, 3);
        var error = Assert.Throws<InputException>(() => new Lrp().Attribute(model, ones(1, 3), new ClassTarget(0), Job.Quiet()));
        Assert.Contains("aten::cumsum", error.Message);
    }

    [Fact]
    public void A_relu_in_place_that_is_called_twice_is_right()
    {
        // relu(W relu(W x)) for y₁ with W = (1, −1; −2, 3), x = (1, 2): (0, 4) → (−4, 12); all 12 come from the second unit: −2·1 + 3·2 = 4.
        using var scope = NewDisposeScope();
        using var act = new ScriptSource("Act").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu_(x)\n");
        using var net = new ScriptSource("Net").Child("act", act).Parameter("w", tensor(new float[] { 1, -1, -2, 3 }).reshape(2, 2))
            .Define("def forward(self, x: Tensor) -> Tensor:\n  return self.act.forward(torch.linear(self.act.forward(torch.linear(x, self.w)), self.w))\n");
        using var model = net.Open(1, 2);
        Near.Equal([-6, 18], new Lrp(Composite.Zero).Attribute(model, tensor(new float[] { 1, 2 }).reshape(1, 2), new ClassTarget(1), Job.Quiet()), 1e-5);
    }

    [Fact]
    public void The_network_is_run_once()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new Lrp().Attribute(model, Drawn.Normal(18, 2, 1, 8, 8), new ClassTarget(0), Job.Quiet());
        Assert.Equal((0, 1, 0), (model.Runs, model.Recordings, model.Backwards));
    }

    private static Tensor Of(ConformanceCase reference, string format, Composite composite)
    {
        using var model = (GraphModel)reference.Open(format);
        return new Lrp(composite).Attribute(model, reference.InputTensor(), new ClassTarget([.. reference.Targets]), Job.Quiet());
    }
}
