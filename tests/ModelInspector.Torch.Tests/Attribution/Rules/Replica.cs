using ModelInspector.Attribution.Rules;

namespace ModelInspector.Torch.Tests.Attribution.Rules;

/// <summary>The rules of layer-wise relevance propagation on one linear layer, straight from their formulas, sum by sum, in double.</summary>
internal static class Replica
{
    public delegate double[] Rule(double[] x, float[] w, float[] b, double[] relevance);

    private const double Epsilon = 0.01;

    public static double[] Forward(double[] x, float[] w, float[] b) =>
        [.. b.Select((bias, k) => bias + Enumerable.Range(0, x.Length).Sum(j => x[j] * w[k * x.Length + j]))];

    /// <summary>The rules of the first and of the second of two linear layers.</summary>
    public static (Rule First, Rule Other) Rules(Composite composite, double low, double high) => composite switch
    {
        Composite.Zero => (EpsilonRule(1e-9), EpsilonRule(1e-9)),
        Composite.Gamma => (GammaRule(0.25, Epsilon), GammaRule(0.25, Epsilon)),
        Composite.ZPlus => (AlphaBeta(1, 0, Epsilon), AlphaBeta(1, 0, Epsilon)),
        Composite.Box => (Box(low, high, Epsilon), AlphaBeta(1, 0, Epsilon)),
        Composite.WSquare => (Square(Epsilon), AlphaBeta(1, 0, Epsilon)),
        Composite.Flat => (Flat(Epsilon), AlphaBeta(1, 0, Epsilon)),
        Composite.EpsilonPlusFlat or Composite.Alpha2Beta1Flat => (Flat(Epsilon), EpsilonRule(Epsilon)),
        Composite.EpsilonGammaBox => (Box(low, high, Epsilon), EpsilonRule(Epsilon)),
        _ => (EpsilonRule(Epsilon), EpsilonRule(Epsilon)),
    };

    public static Rule EpsilonRule(double epsilon) => Shared((x, w) => x * w, b => b, epsilon);

    public static Rule AlphaBeta(double alpha, double beta, double epsilon) => (x, w, b, relevance) =>
    {
        var adds = Shared((a, v) => Math.Max(0, a * v), c => Math.Max(0, c), epsilon)(x, w, b, relevance);
        var takes = Shared((a, v) => Math.Min(0, a * v), c => Math.Min(0, c), epsilon)(x, w, b, relevance);
        return [.. adds.Zip(takes, (p, q) => alpha * p - beta * q)];
    };

    public static Rule GammaRule(double gamma, double epsilon) => (x, w, b, relevance) =>
    {
        var z = Forward(x, w, b);
        var up = Shared((a, v) => a * v + gamma * Math.Max(0, a * v), c => c + gamma * Math.Max(0, c), epsilon);
        var down = Shared((a, v) => a * v + gamma * Math.Min(0, a * v), c => c + gamma * Math.Min(0, c), epsilon);
        var above = up(x, w, b, [.. relevance.Select((r, k) => z[k] > 0 ? r : 0)]);
        return [.. above.Zip(down(x, w, b, [.. relevance.Select((r, k) => z[k] > 0 ? 0 : r)]), (p, q) => p + q)];
    };

    public static Rule Box(double low, double high, double epsilon) => Shared((x, w) => x * w - low * Math.Max(0, w) - high * Math.Min(0, w), _ => 0, epsilon);

    public static Rule Square(double epsilon) => Shared((_, w) => w * w, _ => 0, epsilon);

    public static Rule Flat(double epsilon) => Shared((_, _) => 1, _ => 0, epsilon);

    private static Rule Shared(Func<double, double, double> part, Func<double, double> constant, double epsilon) => (x, w, b, relevance) =>
    {
        var result = new double[x.Length];
        for (var k = 0; k < b.Length; k++)
        {
            var parts = Enumerable.Range(0, x.Length).Select(j => part(x[j], w[k * x.Length + j])).ToArray();
            var sum = parts.Sum() + constant(b[k]);
            for (var j = 0; j < x.Length; j++) result[j] += parts[j] / (sum + (sum >= 0 ? epsilon : -epsilon)) * relevance[k];
        }
        return result;
    };
}
