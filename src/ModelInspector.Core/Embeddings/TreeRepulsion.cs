using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>The repulsion of a map in space by a tree of cubes (Barnes–Hut): cost n·ln n.</summary>
/// <param name="Angle">A cube counts as one point when its side is below this times its distance.</param>
internal sealed record TreeRepulsion(float Angle) : IRepulsion
{
    public double Forces(Matrix points, Matrix forces)
    {
        var tree = new Octree(points);
        return RowParallel.Sum(points.Rows, 256, (from, to) =>
        {
            var sum = 0.0;
            for (var place = from; place < to; place++) sum += tree.Force(place, Angle, forces.Row(tree.Order[place]));
            return sum;
        });
    }
}
