using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>Coalitions of players, drawn by address: which ones come out does not depend on the order of work.</summary>
internal static class Coalitions
{
    /// <summary>The subsets numbered <paramref name="from"/> on, (count, players): player i is there where bit i is set.</summary>
    public static Tensor Numbered(int from, int count, int players, Device device) =>
        Table(count, players, device, (row, player) => ((from + row) >> player & 1) == 1);

    /// <summary>Coalitions of players that each come with probability ½.</summary>
    public static Tensor Even(int from, int count, int players, ulong seed, Device device)
    {
        var random = new Randomness(seed);
        return Table(count, players, device, (row, player) => random.Uniform((ulong)(from + row) * (ulong)players + (ulong)player) < 0.5);
    }

    /// <summary>Coalitions of one to all but one player, sizes as the Shapley kernel weighs them; every second one is the complement of the one before.</summary>
    public static Tensor ByKernel(int from, int count, int players, ulong seed, Device device)
    {
        var sizes = CumulatedSizes(players);
        var rows = Enumerable.Range(from, count).Select(row => Drawn(row / 2, players, sizes, seed)).ToArray();
        return Table(count, players, device, (row, player) => rows[row][player] != ((from + row) % 2 == 1));
    }

    /// <summary>A random order of the players; every second one is the one before, backwards.</summary>
    public static int[] Order(int index, int players, ulong seed)
    {
        var order = new Randomness(seed, (ulong)(index / 2) + 1).Choose(players, players);
        if (index % 2 == 1) Array.Reverse(order);
        return order;
    }

    public static Tensor Table(int count, int players, Device device, Func<int, int, bool> isThere)
    {
        var values = new float[count * players];
        for (var row = 0; row < count; row++)
            for (var player = 0; player < players; player++) values[row * players + player] = isThere(row, player) ? 1 : 0;
        return tensor(values, [count, players], device: device);
    }

    // All coalitions of a size s together weigh (n − 1) / (s (n − s)).
    private static double[] CumulatedSizes(int players)
    {
        var sum = 0.0;
        double[] cumulated = [.. Enumerable.Range(1, players - 1).Select(size => sum += 1.0 / size / (players - size))];
        return [.. cumulated.Select(value => value / sum)];
    }

    private static bool[] Drawn(int pair, int players, double[] sizes, ulong seed)
    {
        var random = new Randomness(seed, (ulong)pair + 1);
        var size = Array.FindIndex(sizes, cumulated => random.Uniform((ulong)players) < cumulated) is >= 0 and var found ? found + 1 : players - 1;
        var there = new bool[players];
        foreach (var player in random.Choose(players, size)) there[player] = true;
        return there;
    }
}
