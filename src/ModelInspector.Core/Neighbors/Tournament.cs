namespace ModelInspector.Neighbors;

/// <summary>
/// Every tile meets every other once, in rounds in which no tile plays twice (the circle method): pairs of one round can be worked on at
/// the same time, each writing to its own two tiles.
/// </summary>
internal static class Tournament
{
    /// <summary>All rounds; the first is every tile with itself.</summary>
    public static (int Left, int Right)[][] Rounds(int tiles)
    {
        var seats = tiles + tiles % 2;
        var rounds = new List<(int, int)[]> { Enumerable.Range(0, tiles).Select(tile => (tile, tile)).ToArray() };
        for (var round = 0; round < seats - 1; round++)
            rounds.Add([.. Enumerable.Range(0, seats / 2).Select(pair => Pair(round, pair, seats)).Where(pair => pair.Left < tiles && pair.Right < tiles)]);
        return [.. rounds];
    }

    private static (int Left, int Right) Pair(int round, int pair, int seats)
    {
        if (pair == 0) return (round, seats - 1);
        return ((round + pair) % (seats - 1), (round - pair + seats - 1) % (seats - 1));
    }
}
