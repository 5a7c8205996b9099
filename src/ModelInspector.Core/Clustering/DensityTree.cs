namespace ModelInspector.Clustering;

/// <summary>
/// The condensed tree of HDBSCAN: going from far to near, a group either sheds rows, fewer than the smallest size at a time, or splits into two groups that are both
/// large enough. Its stability is Σ over its rows of 1/(distance at which the row left) − 1/(distance at which the group was born). Source: Campello et al. 2015, §5.
/// </summary>
internal sealed class DensityTree
{
    private readonly int rows, smallest;
    private readonly int[] left, right, sizes; // of the merge that made node rows + i
    private readonly double[] density; // 1 / distance of that merge
    private readonly List<Group> groups = [];
    private readonly int[] groupOf;

    /// <param name="edges">A spanning tree, shortest edges first.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="smallest">Fewest rows of a group.</param>
    public DensityTree(TreeEdge[] edges, int rows, int smallest)
    {
        (this.rows, this.smallest) = (rows, smallest);
        (left, right, sizes, density) = (new int[edges.Length], new int[edges.Length], new int[edges.Length], new double[edges.Length]);
        groupOf = new int[rows];
        Merge(edges);
        Condense();
    }

    /// <summary>Group of each row by excess of mass, -1 for none.</summary>
    public int[] Labels()
    {
        var best = new double[groups.Count];
        var chosen = new bool[groups.Count];
        for (var group = groups.Count - 1; group > 0; group--)
        {
            var inside = groups[group].Children.Sum(child => best[child]);
            chosen[group] = groups[group].Stability >= inside;
            best[group] = Math.Max(groups[group].Stability, inside);
        }
        // A chosen group takes everything below it; the root is no group.
        var label = new int[groups.Count];
        label[0] = -1;
        for (var group = 1; group < groups.Count; group++) label[group] = label[groups[group].Parent] >= 0 ? label[groups[group].Parent] : chosen[group] ? group : -1;
        return [.. groupOf.Select(group => label[group])];
    }

    private void Merge(TreeEdge[] edges)
    {
        var (parent, node) = (Enumerable.Range(0, rows).ToArray(), Enumerable.Range(0, rows).ToArray());
        for (var merge = 0; merge < edges.Length; merge++)
        {
            var (one, other) = (Root(parent, edges[merge].One), Root(parent, edges[merge].Other));
            (left[merge], right[merge]) = (node[one], node[other]);
            sizes[merge] = SizeOf(left[merge]) + SizeOf(right[merge]);
            // Duplicates lie together at any density; a large number keeps sums finite.
            density[merge] = edges[merge].Length > 0 ? Math.Min(1e12, 1 / (double)edges[merge].Length) : 1e12;
            parent[one] = other;
            node[other] = rows + merge;
        }
    }

    private static int Root(int[] parent, int row)
    {
        while (parent[row] != row) row = parent[row] = parent[parent[row]];
        return row;
    }

    private int SizeOf(int node) => node < rows ? 1 : sizes[node - rows];

    private void Condense()
    {
        groups.Add(new Group(0, 0));
        var waiting = new Stack<(int Node, int Group)>();
        waiting.Push((rows + sizes.Length - 1, 0));
        while (waiting.TryPop(out var at))
        {
            if (at.Node < rows)
            {
                groupOf[at.Node] = at.Group;
                continue;
            }
            var (merge, children) = (at.Node - rows, (left[at.Node - rows], right[at.Node - rows]));
            var split = SizeOf(children.Item1) >= smallest && SizeOf(children.Item2) >= smallest;
            foreach (var child in new[] { children.Item1, children.Item2 })
            {
                if (split || SizeOf(child) < smallest) groups[at.Group].Leave(SizeOf(child), density[merge]);
                if (SizeOf(child) < smallest) Shed(child, at.Group);
                else waiting.Push((child, split ? Born(at.Group, density[merge]) : at.Group));
            }
        }
    }

    private int Born(int parent, double at)
    {
        groups.Add(new Group(parent, at));
        groups[parent].Children.Add(groups.Count - 1);
        return groups.Count - 1;
    }

    // All rows below leave the group at once.
    private void Shed(int node, int group)
    {
        var waiting = new Stack<int>([node]);
        while (waiting.TryPop(out var next))
        {
            if (next < rows) groupOf[next] = group;
            else
            {
                waiting.Push(left[next - rows]);
                waiting.Push(right[next - rows]);
            }
        }
    }

    private sealed class Group(int parent, double born)
    {
        public int Parent => parent;

        public List<int> Children { get; } = [];

        public double Stability { get; private set; }

        public void Leave(int count, double at) => Stability += count * (at - born);
    }
}
