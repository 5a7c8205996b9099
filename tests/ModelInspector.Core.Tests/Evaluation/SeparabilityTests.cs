using System.Collections.Immutable;
using ModelInspector.Core.Tests.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation;

public class SeparabilityTests
{
    [Fact]
    public void Planted_classes_are_told_and_shuffled_ones_are_not()
    {
        var (data, labels) = Clouds.Clusters(240, 8, 4, 6);
        var measured = Measure(data, labels);
        Assert.True(measured.Accuracy.Low > 0.95);
        Assert.InRange(measured.Chance.Estimate, 0.1, 0.4);
        Assert.True(measured.Silhouette.Estimate > 0.3);
        var noise = Measure(Clouds.Noise(240, 8), labels);
        Assert.True(noise.Accuracy.Low <= noise.Chance.High);
    }

    [Fact]
    public void Accuracy_is_that_of_a_slow_vote()
    {
        var (data, labels) = Clouds.Clusters(60, 3, 3, 1.5f);
        var expected = Enumerable.Range(0, 60).Average(row =>
        {
            var near = Enumerable.Range(0, 60).Where(other => other != row).OrderBy(other => Enumerable.Range(0, 3).Sum(column => Math.Pow(data[row, column] - data[other, column], 2))).Take(10).ToArray();
            return near.Select(other => labels[other]).GroupBy(label => label).MaxBy(group => group.Count())!.Key == labels[row] ? 1.0 : 0;
        });
        Assert.Equal(expected, Measure(data, labels).Accuracy.Estimate, 1e-9);
    }

    [Fact]
    public void Rows_of_one_patient_do_not_vote_for_each_other()
    {
        // Every patient is a tight heap with one class, and classes say nothing beyond the patient.
        var (data, patient) = Clouds.Clusters(200, 6, 20, 20);
        int[] labels = [.. patient.Select(who => (int)(new Randomness(4).Bits((ulong)who) % 2))];
        Assert.True(Measure(data, labels).Accuracy.Estimate > 0.95);
        var apart = new Separability(Neighbors: 5).Measure(data, [.. labels], [.. patient.Select(who => $"P{who}")], Job.Quiet());
        Assert.InRange(apart.Accuracy.Estimate, 0.0, 0.85);
        Assert.Equal(20, apart.Accuracy.Count);
    }

    [Fact]
    public void The_effective_dimension_counts_directions_of_equal_variance()
    {
        Assert.Equal(1, Separability.EffectiveDimension(Line(50)), 1e-4);
        Assert.InRange(Separability.EffectiveDimension(Clouds.Noise(4000, 10)), 9.8, 10);
        // Both shapes of the data, against eigenvalues.
        foreach (var data in new[] { Clouds.Stretched(40, 12), Clouds.Stretched(12, 40) })
        {
            var values = new ModelInspector.Embeddings.Pca(Math.Min(data.Rows, data.Columns) - 1, Solver: ModelInspector.Embeddings.PcaSolver.Exact).Model(data, Job.Quiet()).Variances;
            Assert.Equal(Math.Pow(values.Sum(), 2) / values.Sum(value => value * value), Separability.EffectiveDimension(data), 1e-2);
        }
        Assert.True(double.IsNaN(Separability.EffectiveDimension(new Matrix(5, 3))));
    }

    [Fact]
    public void Two_classes_at_a_known_distance_have_that_distance_and_are_named_nearest()
    {
        var (data, labels) = (Clouds.Noise(3000, 4), Enumerable.Range(0, 3000).Select(row => row % 3).ToArray());
        for (var row = 0; row < 3000; row++) data[row, 0] += labels[row] switch { 0 => 0, 1 => 6, _ => 30 };
        var measured = Measure(data, labels);
        Assert.Equal((6 + 24 + 30) / 3.0 / 2, measured.CentroidDistance, 0.3); // within-class deviation is √4
        Assert.Equal((0, 1), measured.Nearest);
    }

    [Fact]
    public void The_table_says_from_where_on_the_classes_are_told()
    {
        var (clear, labels) = Clouds.Clusters(200, 6, 4, 8);
        var vague = Clouds.Noise(200, 6);
        var table = new SeparabilityTable([("first", Measure(vague, labels)), ("middle", Measure(clear, labels)), ("last", Measure(clear, labels))], ["a", "b", "c", "d"]);
        var finding = table.Finding("Separability by depth", Provenance.Of("separability"), "labels");
        Assert.Equal(["first", "middle", "last"], finding.Layers.ToArray());
        Assert.Equal(15, finding.Rows.Length);
        Assert.Contains(finding.Sentences, sentence => sentence.StartsWith("From `middle` on,", StringComparison.Ordinal));
        Assert.Contains(finding.Sentences, sentence => sentence.StartsWith("The two classes nearest to each other at `last` are ", StringComparison.Ordinal));
        var nothing = new SeparabilityTable([("one", Measure(vague, labels)), ("two", Measure(vague, labels))], []).Finding("", Provenance.Of(""), "labels");
        Assert.Contains("No layer tells the classes better than chance.", nothing.Sentences);
    }

    [Fact]
    public void One_class_or_missing_labels_are_refused()
    {
        Assert.Contains("two classes", Assert.Throws<InputException>(() => Measure(Clouds.Noise(10, 2), new int[10])).Message, StringComparison.Ordinal);
        Assert.Contains("3 labels", Assert.Throws<InputException>(() => Measure(Clouds.Noise(10, 2), [0, 1, 0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unlabelled_rows_neither_vote_nor_count()
    {
        var (data, labels) = Clouds.Clusters(100, 4, 2, 8);
        int[] partly = [.. labels.Select((label, row) => row < 40 ? label : -1)];
        Assert.Equal(40, Measure(data, partly).Rows);
    }

    private static LayerSeparability Measure(Matrix data, int[] labels) => new Separability().Measure(data, [.. labels], [], Job.Quiet());

    private static Matrix Line(int rows) => new(rows, 3, [.. Enumerable.Range(0, rows).SelectMany(row => new[] { row * 1f, row * 2f, -row * 1f })]);
}
