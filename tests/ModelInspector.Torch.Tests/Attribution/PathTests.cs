using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Integrals over a path from a baseline: integrated gradients, conductance, internal influence.</summary>
public class PathTests
{
    public static TheoryData<Quadrature> Rules => [.. Enum.GetValues<Quadrature>()];

    [Theory, MemberData(nameof(Rules))]
    public void A_rule_integrates_a_constant_to_one_except_captums_trapezoid_which_falls_short_by_one_part(Quadrature rule) =>
        Assert.Equal(rule == Quadrature.Trapezoid ? 0.9 : 1, Nodes.Of(rule, 10).Weights.Sum(), 1e-12);

    [Theory, InlineData(2), InlineData(5), InlineData(64)]
    public void Gauss_legendre_is_exact_for_polynomials_of_twice_its_points(int count)
    {
        var nodes = Nodes.Of(Quadrature.GaussLegendre, count);
        for (var power = 0; power < 2 * count; power++)
            Assert.Equal(1.0 / (power + 1), nodes.Points.Zip(nodes.Weights, (x, w) => w * Math.Pow(x, power)).Sum(), 1e-12);
        Assert.Equal(nodes.Points.Order(), nodes.Points);
    }

    [Fact]
    public void Two_networks_that_compute_the_same_get_the_same_attribution()
    {
        // relu(relu(a) − 1 − relu(b)) and relu(relu(a − 1) − relu(b)) at (3, 1): 1.5 and −0.5 for both.
        using var scope = NewDisposeScope();
        using var first = Toys.Chain(("a", x => (x.select(1, 0).relu() - 1 - x.select(1, 1).relu()).relu().unsqueeze(1)));
        using var second = Toys.Chain(("a", x => ((x.select(1, 0) - 1).relu() - x.select(1, 1).relu()).relu().unsqueeze(1)));
        foreach (var model in new[] { first, second })
            Near.Equal([1.5f, -0.5f], Attributed(new IntegratedGradients(2000, Quadrature.RiemannMiddle), model, tensor(new float[] { 3, 1 }).reshape(1, 2)), 1e-3);
    }

    [Fact]
    public void The_parts_of_a_sum_of_functions_are_what_each_gains()
    {
        // 5a + b² + sin c from (0.5, 0.5, 0.5) to (1, 2, 3).
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("f", x => (x.select(1, 0) * 5 + x.select(1, 1).square() + x.select(1, 2).sin()).unsqueeze(1)));
        var actual = Attributed(new IntegratedGradients(20, Quadrature.GaussLegendre, 0.5), model, tensor(new float[] { 1, 2, 3 }).reshape(1, 3));
        Near.Equal([2.5f, 3.75f, (float)(Math.Sin(3) - Math.Sin(0.5))], actual, 1e-6);
        // From (0.5, 1, 1): the network moves b and c by 0.5 before it reads them.
        using var moved = Toys.Chain(("f", x => (x.select(1, 0) * 5 + (x.select(1, 1) + 0.5).square() + (x.select(1, 2) + 0.5).sin()).unsqueeze(1)));
        var from = Attributed(new IntegratedGradients(20, Quadrature.GaussLegendre, 0.5), moved, tensor(new float[] { 1, 1.5f, 2.5f }).reshape(1, 3));
        Near.Equal([2.5f, 3, (float)(Math.Sin(3) - Math.Sin(1))], from, 1e-6);
    }

    [Fact]
    public void Attributions_add_up_to_the_difference_of_the_scores()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(3);
        var map = Attributed(new IntegratedGradients(256, Quadrature.RiemannMiddle, 0.3), model, x);
        var difference = (model.Run(x).First - model.Run(full_like(x, 0.3)).First).select(1, 0);
        Near.Equal(Floats(difference), map.flatten(1).sum(1), 5e-3);
    }

    [Fact]
    public void The_completeness_error_is_told()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("f", x => x * 2), ("Flatten", x => x.flatten(1)));
        var notes = new List<string?>();
        new IntegratedGradients(10).Attribute(model, ones(1, 1), new ClassTarget(0), new Job(0, new Told(notes), CancellationToken.None));
        Assert.Equal("completeness error 10 % with 10 steps", notes[^1]);
    }

    [Fact]
    public void Steps_double_until_the_sum_is_right_enough()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("f", x => x.pow(3)), ("Flatten", x => x.flatten(1)));
        var loose = Attributed(new IntegratedGradients(2, Quadrature.ClosedTrapezoid), model, ones(1, 1)).item<float>();
        var tight = Attributed(new IntegratedGradients(2, Quadrature.ClosedTrapezoid, Tolerance: 1e-3), model, ones(1, 1)).item<float>();
        Assert.Equal(1.5, loose, 1e-6);
        Assert.InRange(tight, 0.999, 1.001);
    }

    [Fact]
    public void A_tolerance_that_cannot_be_met_is_refused_with_what_was_reached()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("f", x => x * 2), ("Flatten", x => x.flatten(1)));
        var error = Assert.Throws<InputException>(() => Attributed(new IntegratedGradients(4096, Tolerance: 1e-6), model, ones(1, 1)));
        Assert.Contains("gauss-legendre", error.Message);
    }

    [Theory]
    [InlineData("linear1", new float[] { 140, 150, 150, 150 })]
    public void Integrated_gradients_at_a_layer_equal_the_hand_computed_values(string layer, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        // At linear1 the path runs from its output at 0, (−10, 1, 1, 1), to (140, 151, 151, 151).
        var actual = Layered(new IntegratedGradients(4000, Quadrature.RiemannMiddle), model, full([1, 3], 50f), layer);
        Near.Equal(expected, actual, 1e-3);
    }

    [Theory]
    [InlineData("linear0", new float[] { 0, 390, 0 })]
    [InlineData("linear1", new float[] { 90, 100, 100, 100 })]
    [InlineData("linear2", new float[] { 390, 0 })]
    public void Conductance_equals_the_hand_computed_values(string layer, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        Near.Equal(expected, Layered(new Conductance(2000), model, tensor(new float[] { 0, 100, 0 }).reshape(1, 3), layer), 2e-3);
    }

    [Fact]
    public void Conductance_of_a_layer_that_nothing_jumps_over_adds_up()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(2);
        var difference = (model.Run(x).First - model.Run(zeros_like(x)).First).select(1, 0);
        Near.Equal(Floats(difference), Layered(new Conductance(400), model, x, "relu0").flatten(1).sum(1), 2e-2);
    }

    [Fact]
    public void Conductance_in_groups_of_points_equals_a_replica_that_takes_them_one_by_one()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(3);
        var (sum, before) = (zeros(3, 6, 8, 8), At(0));
        for (var step = 1; step <= 50; step++)
        {
            var here = At(step / 50.0);
            sum += before.Gradient * (here.Activation - before.Activation);
            before = here;
        }
        Near.Equal(Floats(sum), Layered(new Conductance(50, StepRule.Left), model, x, "relu0"), 1e-5);
        ActivationAndGradient At(double share) => LayerGradients.Of(model, x * share, [model.Graph.Find("relu0")], new ClassTarget(0))[0];
    }

    [Fact]
    public void Internal_influence_of_a_linear_network_is_its_weights()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("twice", x => x * 2), ("sum", x => x.matmul(tensor(new float[] { 3, -1 }).reshape(2, 1))));
        Near.Equal([3, -1], Layered(new InternalInfluence(8, Quadrature.GaussLegendre), model, tensor(new float[] { 5, 7 }).reshape(1, 2), "twice"), 1e-6);
    }

    [Fact]
    public void What_jumps_over_the_layer_stays_as_it_is_at_the_input()
    {
        // y = relu(x) · x: at the ReLU the score is linear with slope x.
        using var scope = NewDisposeScope();
        using var net = new TorchScript.ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x) * x\n");
        using var model = net.Open(1, 1);
        Near.Equal([16], Layered(new IntegratedGradients(4, Quadrature.GaussLegendre), model, full([1, 1], 4f), "relu"), 1e-6);
    }

    [Fact]
    public void Steps_share_runs()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new IntegratedGradients(64).Attribute(model, Random(2), new ClassTarget(0), Job.Quiet());
        Assert.Equal(4, model.Runs); // the scores at both ends, and 64 steps of 2 samples, 64 rows a run
        Assert.Equal(2, model.Backwards);
        Assert.Equal(2 + 2 + 128, model.Samples);
    }

    [Fact]
    public void At_a_layer_only_the_rest_behind_it_is_run()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new IntegratedGradients(64).Attribute(model, Random(2), model.Graph.Find("relu0"), new ClassTarget(0), Job.Quiet());
        Assert.Equal((0, 4), (model.Runs, model.Suffixes));
    }

    [Fact]
    public void The_class_that_is_predicted_at_the_input_is_explained_all_the_way()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Random(4);
        var predicted = new IntegratedGradients(16).Attribute(model, x, new PredictedClass(), Job.Quiet());
        var given = new IntegratedGradients(16).Attribute(model, x, new ClassTarget([.. model.Run(x).First.argmax(1).data<long>()]), Job.Quiet());
        Assert.True(predicted.equal(given).all().item<bool>());
    }

    private static Tensor Random(int samples) => Drawn.Normal(1, samples, 1, 8, 8);

    private static Tensor Attributed(IAttribution method, IDifferentiableModel model, Tensor x) => method.Attribute(model, x, new ClassTarget(0), Job.Quiet());

    private static Tensor Layered(ILayerAttribution method, IDifferentiableModel model, Tensor x, string layer) =>
        method.Attribute(model, x, model.Graph.Find(layer), new ClassTarget(0), Job.Quiet());
}
