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
        Composite.Zero => (Shared((x, w) => x * w, b => b, 1e-9), Shared((x, w) => x * w, b => b, 1e-9)),
        Composite.Gamma => (Gamma, Gamma),
        Composite.ZPlus => (Plus, Plus),
        Composite.Box => (Box(low, high), Plus),
        Composite.WSquare => (Shared((_, w) => w * w, _ => 0), Plus),
        Composite.Flat => (Shared((_, _) => 1, _ => 0), Plus),
        Composite.EpsilonPlusFlat or Composite.Alpha2Beta1Flat => (Shared((_, _) => 1, _ => 0), Simple),
        Composite.EpsilonGammaBox => (Box(low, high), Simple),
        _ => (Simple, Simple),
    };

    private static Rule Simple => Shared((x, w) => x * w, b => b);

    private static Rule Plus => Shared((x, w) => Math.Max(0, x * w), b => Math.Max(0, b));

    private static Rule Box(double low, double high) => Shared((x, w) => x * w - low * Math.Max(0, w) - high * Math.Min(0, w), _ => 0);

    private static double[] Gamma(double[] x, float[] w, float[] b, double[] relevance)
    {
        var z = Forward(x, w, b);
        var up = Shared((a, v) => a * v + 0.25 * Math.Max(0, a * v), c => c + 0.25 * Math.Max(0, c));
        var down = Shared((a, v) => a * v + 0.25 * Math.Min(0, a * v), c => c + 0.25 * Math.Min(0, c));
        var above = up(x, w, b, [.. relevance.Select((r, k) => z[k] > 0 ? r : 0)]);
        return [.. above.Zip(down(x, w, b, [.. relevance.Select((r, k) => z[k] > 0 ? 0 : r)]), (p, q) => p + q)];
    }

    private static Rule Shared(Func<double, double, double> part, Func<double, double> constant, double epsilon = Epsilon) => (x, w, b, relevance) =>
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
