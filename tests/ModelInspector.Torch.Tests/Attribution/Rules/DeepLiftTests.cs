using ModelInspector.Attribution;
using ModelInspector.Attribution.Rules;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution.Rules;

public class DeepLiftTests
{
    public static TheoryData<string, string> Cases => ConformanceTests.Cases;

    [SkippableTheory]
    [InlineData("gap", "onnx")]
    [InlineData("gap", "pt")]
    [InlineData("residual", "onnx")]
    [InlineData("residual", "pt")]
    public void It_equals_the_reference(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (GraphModel)reference.Open(format);
        var actual = new DeepLift().Attribute(model, reference.InputTensor(), new ClassTarget([.. reference.Targets]), Job.Quiet());
        Near.Equal(reference.Expected("deeplift_rescale_zero"), Batches.ToArray(actual), 1e-4, "DeepLIFT");
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void It_adds_up_in_real_networks_at_the_input_and_at_every_layer_that_nothing_jumps_over(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = (GraphModel)reference.Open(format);
        var (x, target) = (reference.InputTensor(), new ClassTarget([.. reference.Targets]));
        var difference = target.Of(Scores.Of(model, x)) - target.Of(Scores.Of(model, zeros_like(x)));
        Near.Equal(Floats(difference), new DeepLift().Attribute(model, x, target, Job.Quiet()).flatten(1).sum(1), 1e-3);
        foreach (var (path, _) in reference.Layers.Skip(name == "mobile" ? 1 : 0).Take(name == "mobile" ? 1 : 9))
            Near.Equal(Floats(difference), new DeepLift().Attribute(model, x, model.Graph.Find(path), target, Job.Quiet()).flatten(1).sum(1), 1e-3);
    }

    [Theory]
    [InlineData(false, new float[] { 1, 2 }, new float[] { 2, 1 })]
    [InlineData(true, new float[] { -1, -2 }, new float[] { -1.52319f, -0.186059f })]
    public void It_equals_the_hand_computed_values(bool tanh, float[] input, float[] expected)
    {
        // f = 2 φ(a) + 2 φ(b − 1.5)
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("shift", "Add", (x, w) => x + w[0], tensor(new float[] { 0, -1.5f })),
            new("phi", tanh ? "Tanh" : "Relu", (x, _) => tanh ? x.tanh() : x.relu()),
            new("sum", "MatMul", (x, w) => x.matmul(w[0]), full([2, 1], 2f)));
        Near.Equal(expected, Attributed(model, input), 1e-5);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void It_equals_a_replica_in_double_on_three_linear_layers(bool tanh)
    {
        using var scope = NewDisposeScope();
        Tensor[] weights = [Drawn.Normal(1, 5, 4), Drawn.Normal(2, 6, 5), Drawn.Normal(3, 2, 6)];
        Tensor[] biases = [Drawn.Normal(4, 5), Drawn.Normal(5, 6), Drawn.Normal(6, 2)];
        var (ws, bs) = (weights.Select(Floats).ToArray(), biases.Select(Floats).ToArray());
        Toys.Part Linear(int i) => new($"linear{i}", "Gemm", Toys.Linear, weights[i], biases[i]);
        Toys.Part Bent(int i) => new($"bent{i}", tanh ? "Tanh" : "Relu", (v, _) => tanh ? v.tanh() : v.relu());
        using var model = Toys.Net(Linear(0), Bent(0), Linear(1), Bent(1), Linear(2));
        var x = Drawn.Normal(7, 1, 4);
        double[] Bend(double[] values) => [.. values.Select(value => tanh ? Math.Tanh(value) : Math.Max(0, value))];
        // The multiplier of the second score is its row of weights; through a bend Δy/Δx; through a linear layer its weights.
        var (here, there) = (Doubles(x), Enumerable.Repeat(0.3, 4).ToArray());
        var secants = new List<double[]>();
        for (var i = 0; i < 2; i++)
        {
            var (z, z0) = (Replica.Forward(here, ws[i], bs[i]), Replica.Forward(there, ws[i], bs[i]));
            (here, there) = (Bend(z), Bend(z0));
            secants.Add([.. Enumerable.Range(0, z.Length).Select(k => (here[k] - there[k]) / (z[k] - z0[k]))]);
        }
        double[] multiplier = [.. ws[2][6..].Select(weight => (double)weight)];
        for (var i = 1; i >= 0; i--)
        {
            double[] bent = [.. multiplier.Zip(secants[i], (m, secant) => m * secant)];
            var inputs = ws[i].Length / bent.Length;
            multiplier = [.. Enumerable.Range(0, inputs).Select(j => Enumerable.Range(0, bent.Length).Sum(k => bent[k] * ws[i][k * inputs + j]))];
        }
        float[] expected = [.. multiplier.Zip(Doubles(x), (m, value) => (float)(m * (value - 0.3)))];
        Near.Equal(expected, new DeepLift(0.3).Attribute(model, x, new ClassTarget(1), Job.Quiet()), 1e-5);
    }

    [Fact]
    public void A_maximum_gives_to_the_winner_of_the_run_that_has_it()
    {
        // max(x + (1, 2, 3, 9)): at 0 it is 9; at ones − (1, 2, 3, 9) it is 1, and the fourth has lost 8.
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("shift", "Add", (x, w) => x + w[0], tensor(new float[] { 1, 2, 3, 9 })),
            new("pool", "ReduceMax", (x, _) => x.amax([1], keepdim: true)));
        Near.Equal([0, 0, 0, -8], Attributed(model, 0, -1, -2, -8), 1e-6);
        Near.Equal([0, 11, 0, 0], Attributed(model, 0, 18, 0, 0), 1e-6);
    }

    [Theory, InlineData(new float[] { 1, 2, 3, 9 }, -8), InlineData(new float[] { 4, 8, 6, 7 }, -7)]
    public void A_maximum_of_a_layer_gets_what_it_loses(float[] reference, float expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("shift", "Add", (x, w) => x + w[0], tensor(reference)),
            new("identity", "MatMul", (x, w) => x.matmul(w[0]), eye(4)),
            new("pool", "ReduceMax", (x, _) => x.amax([1], keepdim: true)),
            new("out", "MatMul", (x, w) => x.matmul(w[0]), ones(1, 1)));
        var x = (ones(4) - tensor(reference)).reshape(1, 4);
        Near.Equal([expected], new DeepLift().Attribute(model, x, model.Graph.Find("pool"), new ClassTarget(0), Job.Quiet()), 1e-6);
    }

    [Fact]
    public void At_a_layer_it_equals_the_hand_computed_values()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("both", "MatMul", (x, w) => x.matmul(w[0]), tensor(new float[] { 3, 0, 1, 0, 0, 0, 0, 2, 0, 3, 0, 0 }).reshape(6, 2)),
            new("relu", "Relu", (x, _) => x.relu()),
            new("l3", "MatMul", (x, w) => x.matmul(w[0]), ones(2, 1)));
        var x = tensor(new float[] { -10, 1, -5, 3, 3, 1 }).reshape(1, 6);
        Assert.Equal([0f, 15], Floats(new DeepLift().Attribute(model, x, model.Graph.Find("relu"), new ClassTarget(0), Job.Quiet())));
    }

    [Theory, InlineData("x * torch.relu(x - 1)"), InlineData("torch.softmax(x, 1) * x"), InlineData("torch.layer_norm(x + self.p, [3])"), InlineData("x / (x * x + 1)")]
    public void Whatever_is_no_function_of_each_value_alone_adds_up_too(string formula)
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Parameter("p", tensor(new float[] { 0, 1, 3 })).Define($"def forward(self, x: Tensor) -> Tensor:\n  return {formula}\n");
        using var model = net.Open(1, 3);
        var x = tensor(new float[] { 0.5f, 2, -0.7f }).reshape(1, 3);
        var baseline = full([1, 3], 0.2f);
        var sum = new DeepLift(0.2).Attribute(model, x, new OutputTarget("", 1), Job.Quiet()).sum().item<float>();
        Assert.Equal((model.Run(x).First[0, 1] - model.Run(baseline).First[0, 1]).item<float>(), sum, 2e-3);
    }

    [Fact]
    public void A_probability_adds_up()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(1, 3, 1, 8, 8);
        var target = new ProbabilityTarget(new ClassTarget(1));
        var difference = target.Of(model.Run(x).First) - target.Of(model.Run(zeros_like(x)).First);
        Near.Equal(Floats(difference), new DeepLift().Attribute(model, x, target, Job.Quiet()).flatten(1).sum(1), 1e-4);
    }

    [Fact]
    public void A_relu_that_is_called_twice_in_place_is_rescaled_each_time()
    {
        // relu(2 · relu(x) − 3): at 0 both are 0; at 5 they are 5 and 7, so 7/5 a unit of x.
        using var scope = NewDisposeScope();
        using var act = new ScriptSource("Act").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu_(x)\n");
        using var net = new ScriptSource("Net").Child("act", act).Define("def forward(self, x: Tensor) -> Tensor:\n  return self.act.forward(self.act.forward(x * 1.0) * 2.0 - 3.0)\n");
        using var model = net.Open(1, 1);
        Assert.Equal(7, Attributed(model, 5).item<float>(), 1e-5);
    }

    [Fact]
    public void Both_runs_are_made_once()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new DeepLift().Attribute(model, Drawn.Normal(2, 2, 1, 8, 8), new ClassTarget(0), Job.Quiet());
        Assert.Equal((0, 2), (model.Runs, model.Recordings));
    }

    private static Tensor Attributed(IDifferentiableModel model, params float[] input) =>
        new DeepLift().Attribute(model, tensor(input).reshape(1, -1), new ClassTarget(0), Job.Quiet());
}
