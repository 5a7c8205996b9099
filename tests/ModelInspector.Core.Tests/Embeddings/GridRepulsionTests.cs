using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class GridRepulsionTests
{
    [Theory]
    [InlineData(0.5, 20f, 0.03)]
    [InlineData(0.33, 20f, 0.01)]
    [InlineData(0.5, 1e-4f, 0.03)]
    [InlineData(0.5, 1f, 0.03)]
    [InlineData(0.5, 0.1f, 0.03)]
    public void Forces_are_those_of_all_pairs_within_the_grids_error(double spacing, float spread, double tolerance)
    {
        var points = Blobs(3000, spread);
        Matrix exact = new(3000, 2), fast = new(3000, 2);
        using var grid = new GridRepulsion(spacing);
        var (z, truth) = (grid.Forces(points, fast), new AllPairsRepulsion().Forces(points, exact));
        Assert.Equal(truth, z, truth * 2e-3);
        Assert.InRange(RelativeError(exact, fast), 0, tolerance);
    }

    [Fact]
    public void One_grid_serves_a_map_that_grows_and_turns_into_a_line()
    {
        using var grid = new GridRepulsion(0.5);
        foreach (var (wide, high) in new[] { (1f, 1f), (30f, 2f), (2f, 40f), (30f, 0f) })
        {
            var points = Blobs(1000, 1);
            for (var i = 0; i < 1000; i++) (points[i, 0], points[i, 1]) = (points[i, 0] * wide, points[i, 1] * high);
            Matrix exact = new(1000, 2), fast = new(1000, 2);
            grid.Forces(points, fast);
            new AllPairsRepulsion().Forces(points, exact);
            Assert.InRange(RelativeError(exact, fast), 0, 0.04);
        }
    }

    [Fact]
    public void Forces_have_the_same_bits_at_any_thread_count()
    {
        var points = Blobs(20000, 10);
        Assert.Equal(Threads.With(1, () => Forces(points)), Threads.With(5, () => Forces(points)));
        static float[] Forces(Matrix points)
        {
            var forces = new Matrix(points.Rows, 2);
            using var grid = new GridRepulsion(0.5);
            grid.Forces(points, forces);
            return forces.Values;
        }
    }

    [Fact]
    public void A_map_on_the_grid_diverges_as_little_as_one_of_all_pairs()
    {
        var (data, _) = Clouds.Clusters(1200, 20, 6, apart: 5);
        var near = new ModelInspector.Neighbors.ExactNeighbors().Index(data, Job.Quiet()).All(60, Job.Quiet());
        using var joined = Affinities.Joint(near, Affinities.Conditional(near, 20));
        var affinities = new AttractionGraph(joined);
        using var grid = new GridRepulsion(0.5);
        Assert.Equal(Descend(new AllPairsRepulsion()), Descend(grid), 0.02);
        double Descend(IRepulsion repulsion)
        {
            var descent = new TSneDescent(affinities, StartingPoints.Of(Start.Pca, data, 2, 1e-4, Job.Quiet()), repulsion);
            for (var step = 0; step < 400; step++) descent.Step(step < 120 ? 12 : 1, step < 120 ? 100 : 1200);
            return new TSneDescent(affinities, descent.Points, new AllPairsRepulsion()).Divergence();
        }
    }

    private static double RelativeError(Matrix exact, Matrix fast)
    {
        // A push on all points alike moves nothing: the map is centred.
        double error = 0, size = 0;
        for (var axis = 0; axis < 2; axis++)
        {
            var apart = Enumerable.Range(0, exact.Rows).Select(i => (double)fast[i, axis] - exact[i, axis]).ToArray();
            var mean = apart.Average();
            error += apart.Sum(value => (value - mean) * (value - mean));
            size += Enumerable.Range(0, exact.Rows).Sum(i => (double)exact[i, axis] * exact[i, axis]);
        }
        return Math.Sqrt(error / size);
    }

    private static Matrix Blobs(int rows, float spread)
    {
        var (points, _) = Clouds.Clusters(rows, 2, 7, apart: 3);
        for (var i = 0; i < points.Values.Length; i++) points.Values[i] *= spread / 3;
        return points;
    }
}
