using ModelInspector.Attribution;
using ModelInspector.Attribution.Rules;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution.Rules;

/// <summary>Every rule on one layer, with and without its constant, against sums in double straight from its formula.</summary>
public class LinearRuleTests
{
    private static readonly Dictionary<string, (ILinearRule Rule, Replica.Rule Slow)> Rules = new()
    {
        ["ε = 1e-6"] = (new EpsilonRule(1e-6), Replica.EpsilonRule(1e-6)),
        ["ε = 1"] = (new EpsilonRule(1), Replica.EpsilonRule(1)),
        ["γ = 0.25"] = (new GammaRule(0.25, 1e-6), Replica.GammaRule(0.25, 1e-6)),
        ["γ = 0.5"] = (new GammaRule(0.5, 1e-6), Replica.GammaRule(0.5, 1e-6)),
        ["α = 2, β = 1"] = (new AlphaBetaRule(2, 1, 1e-6), Replica.AlphaBeta(2, 1, 1e-6)),
        ["z⁺"] = (new AlphaBetaRule(1, 0, 1e-6), Replica.AlphaBeta(1, 0, 1e-6)),
        ["zᴮ"] = (new BoxRule(-3, 3, 1e-6), Replica.Box(-3, 3, 1e-6)),
        ["w²"] = (new SquareRule(1e-6), Replica.Square(1e-6)),
        ["flat"] = (new FlatRule(1e-6), Replica.Flat(1e-6)),
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in Rules.Keys)
                foreach (var constant in new[] { true, false }) cases.Add(name, constant);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_rule_of_a_linear_layer_is_its_formula(string name, bool constant)
    {
        using var scope = NewDisposeScope();
        var (x, w, b, relevance) = (Drawn.Normal(1, 3, 6), Drawn.Normal(2, 5, 6), Drawn.Normal(3, 5), Drawn.Normal(4, 3, 5));
        var layer = new Weighted(x, w, constant ? b : null, (v, weight) => v.matmul(weight.t()), 0);
        Near.Equal(Slow(name, x, w, constant ? Floats(b) : new float[5], relevance), Rules[name].Rule.Share(layer, relevance), 1e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_rule_of_a_convolution_is_its_formula_in_every_window(string name, bool constant)
    {
        // Windows that do not overlap are linear layers side by side: 1 × 3 × 4 × 4 in four windows of 2 × 2.
        using var scope = NewDisposeScope();
        var (x, w, b, relevance) = (Drawn.Normal(5, 1, 3, 4, 4), Drawn.Normal(6, 5, 3, 2, 2), Drawn.Normal(7, 5), Drawn.Normal(8, 1, 5, 2, 2));
        var layer = new Weighted(x, w, constant ? b.reshape(1, 5, 1, 1) : null, (v, weight) => nn.functional.conv2d(v, weight, strides: [2, 2]), 0);
        var expected = Slow(name, Windows(x), w.flatten(1), constant ? Floats(b) : new float[5], relevance.permute(0, 2, 3, 1).reshape(4, 5));
        Near.Equal(expected, Windows(Rules[name].Rule.Share(layer, relevance)), 1e-5);
    }

    [Fact]
    public void What_has_no_weights_shares_in_proportion_to_what_it_sums()
    {
        // Sum of two branches: 3 = 1 + 2 and −1 = −2 + 1, whose mean 1 goes back as 3/2 and −1/2; the second branch is twice the input.
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.mean(x[:, 0:2] + x[:, 2:4] * 2.0, [1], True)\n");
        using var model = net.Open(1, 4);
        var relevance = new Lrp(Epsilon: 0).Attribute(model, tensor(new float[] { 1, -2, 1, 0.5f }).reshape(1, 4), new ClassTarget(0), Job.Quiet());
        Near.Equal([0.5f, -1, 1, 0.5f], relevance, 1e-6);
    }

    private static Tensor Windows(Tensor values) => values.reshape(1, 3, 2, 2, 2, 2).permute(0, 2, 4, 1, 3, 5).reshape(4, 12); // (windows, channels × 2 × 2)

    private static float[] Slow(string name, Tensor x, Tensor w, float[] b, Tensor relevance) =>
        [.. Enumerable.Range(0, (int)x.shape[0]).SelectMany(row => Rules[name].Slow(Doubles(x[row]), Floats(w), b, Doubles(relevance[row]))).Select(value => (float)value)];
}
