using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// Places new rows into a finished t-SNE map: each row's own divergence from its affinities to fitted rows, Σ_j p_j ln(p_j/q_j) with
/// q_j ∝ 1/(1 + |y − y_j|²), is minimised with the map held fast, from the affinity-weighted mean of its neighbours. No new row knows of another.
/// </summary>
internal sealed class TSnePlacement(INeighborIndex fitted, Matrix map, double perplexity)
{
    private const int Steps = 100, Axes = 3;
    private const double FieldSpacing = 0.33;
    private const float Rate = 0.3f, Limit = 0.5f;

    public Matrix Place(Matrix rows, Job job)
    {
        var near = fitted.Query(rows, Math.Min(map.Rows, (int)Math.Ceiling(3 * perplexity)), job);
        var weights = Affinities.Conditional(near, Math.Min(perplexity, Math.Max(1, near.Count / 3.0)));
        var places = new Matrix(rows.Rows, map.Columns);
        using var field = map.Columns == 2 && map.Rows > TSne.MostPairwise ? new GridRepulsion(FieldSpacing) : null;
        field?.Prepare(map);
        for (var from = 0; from < rows.Rows; from += 1024)
        {
            job.Report("placing", from, rows.Rows);
            var first = from;
            RowParallel.Run(Math.Min(1024, rows.Rows - from), 8, (_, low, high) =>
            {
                for (var row = first + low; row < first + high; row++)
                    Descend(near.Of(row), weights.AsSpan(row * near.Count, near.Count), places.Row(row), field);
            }, job.Cancel);
        }
        job.Report("placing", rows.Rows, rows.Rows);
        return places;
    }

    private void Descend(ReadOnlySpan<int> near, ReadOnlySpan<float> weights, Span<float> place, GridRepulsion? field)
    {
        for (var k = 0; k < near.Length; k++)
            for (var axis = 0; axis < place.Length; axis++) place[axis] += weights[k] * map[near[k], axis];
        Span<float> pull = stackalloc float[Axes], push = stackalloc float[Axes], velocity = stackalloc float[Axes], gains = stackalloc float[Axes];
        velocity.Clear();
        gains.Fill(1);
        for (var step = 0; step < Steps; step++)
        {
            pull.Clear();
            for (var k = 0; k < near.Length; k++) Add(place, near[k], weights[k], 1, pull);
            var z = field is null ? Push(place, push) : field.At(place, push);
            // Twice the sum is the gradient; the factor is in the rate.
            MomentumStep.Apply(place, pull, push, velocity[..place.Length], gains[..place.Length], new MomentumStep.Rates(1, (float)(1 / z), Rate, Limit));
        }
    }

    private double Push(ReadOnlySpan<float> place, Span<float> push)
    {
        var z = 0.0;
        push.Clear();
        for (var j = 0; j < map.Rows; j++) z += Add(place, j, 1, 2, push);
        return z;
    }

    // Adds weight·q^power·(y − y_j) and returns q = 1/(1 + d²).
    private double Add(ReadOnlySpan<float> place, int j, float weight, int power, Span<float> sum)
    {
        var squared = 0f;
        for (var axis = 0; axis < place.Length; axis++) squared += (place[axis] - map[j, axis]) * (place[axis] - map[j, axis]);
        var q = 1 / (1 + squared);
        var factor = power == 1 ? weight * q : weight * q * q;
        for (var axis = 0; axis < place.Length; axis++) sum[axis] += factor * (place[axis] - map[j, axis]);
        return q;
    }
}
