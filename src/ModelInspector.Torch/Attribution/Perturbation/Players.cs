using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Capture;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>The parts that an input is taken apart into: each position, or each single value, belongs to one player.</summary>
/// <param name="Labels">Number of the player, broadcastable to the batch: (samples or 1, channels or 1, positions…).</param>
/// <param name="Count">Number of players.</param>
internal sealed record Players(Tensor Labels, int Count)
{
    public const string Summary = "quadrants, grid:RxC (grid:N for N along each axis, or as many as there are positions), superpixels:N, values (each single value), channels, or mask:FILE.npy (whole numbers from 0, one a position)";

    private const int Most = 10_000;

    /// <summary>Reads the setting and takes a batch apart.</summary>
    /// <exception cref="InputException">The setting is none of those, or does not fit the batch.</exception>
    public static Players Of(string setting, Tensor batch)
    {
        var (kind, rest) = setting.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? (setting[..at], setting[(at + 1)..]) : (setting, "");
        var players = kind switch
        {
            "quadrants" when rest == "" => Grid([.. Positions(batch).Select(_ => 2L)], batch),
            "grid" => Grid(Sizes(setting, rest) is [var each] ? [.. Positions(batch).Select(size => Math.Min(each, size))] : Sizes(setting, rest), batch),
            "superpixels" => Superpixels(Sizes(setting, rest), batch),
            "values" when rest == "" => new(arange(batch.numel() / batch.shape[0], ScalarType.Int64, batch.device).reshape([1, .. batch.shape[1..]]), (int)(batch.numel() / batch.shape[0])),
            "channels" when rest == "" => new(arange(batch.shape[1], ScalarType.Int64, batch.device).reshape([1, batch.shape[1], .. batch.shape[2..].Select(_ => 1L)]).expand([1, .. batch.shape[1..]]).contiguous(), (int)batch.shape[1]),
            "mask" when rest != "" => Mask(rest, batch),
            _ => throw new InputException($"`players={setting}` is unknown. Expected {Summary}."),
        };
        return players.Count <= Most ? players : throw new InputException($"`players={setting}` makes {players.Count:#,0} players; up to {Most:#,0} are possible. Choose fewer, such as grid:8x8.");
    }

    /// <summary>Masks that keep the players of each coalition.</summary>
    /// <param name="coalitions">1 where the player is there: (coalitions, players).</param>
    /// <returns>(samples or 1, coalitions, channels or 1, positions…).</returns>
    public Tensor Masks(Tensor coalitions) =>
        coalitions.index_select(1, Labels.flatten()).reshape([coalitions.shape[0], .. Labels.shape]).transpose(0, 1);

    /// <summary>Each player's value at each of its positions.</summary>
    /// <param name="values">(samples, players).</param>
    /// <param name="batch">The batch, for its shape.</param>
    public Tensor Drawn(Tensor values, Tensor batch)
    {
        var labels = Labels.flatten(1).expand(batch.shape[0], -1);
        return values.to(batch.dtype).gather(1, labels).reshape([batch.shape[0], .. Labels.shape[1..]]).expand(batch.shape).contiguous();
    }

    private static long[] Positions(Tensor batch) => batch.Dimensions > 2 ? batch.shape[2..] : throw new InputException(
        $"An input of shape ({string.Join(", ", batch.shape)}) has no rows and columns to divide. Use players=values.");

    private static Players Grid(long[] parts, Tensor batch)
    {
        var positions = Positions(batch);
        if (parts.Length != positions.Length || parts.Index().Any(axis => axis.Item > positions[axis.Index])) throw new InputException(
            $"A grid of {string.Join('x', parts)} does not fit positions of ({string.Join(", ", positions)}). Give one number for each axis, at most its size.");
        var labels = zeros([.. positions.Select(_ => 1L)], ScalarType.Int64, batch.device);
        for (var axis = 0; axis < parts.Length; axis++) labels = labels * parts[axis] + Along(axis, parts[axis], positions, batch.device);
        return new(labels.expand(positions).contiguous().unsqueeze(0).unsqueeze(0), (int)parts.Aggregate((a, b) => a * b));
    }

    // Parts of equal size, the first ones larger where they do not come out even.
    private static Tensor Along(int axis, long parts, long[] positions, Device device)
    {
        var part = arange(positions[axis], ScalarType.Int64, device).mul(parts).div(positions[axis], RoundingMode.floor);
        return part.reshape([.. positions.Select((_, at) => at == axis ? positions[axis] : 1)]);
    }

    private static Players Superpixels(long[] count, Tensor batch)
    {
        if (count.Length != 1 || count[0] > Positions(batch).Aggregate((a, b) => a * b))
            throw new InputException($"superpixels:{string.Join('x', count)} does not fit positions of ({string.Join(", ", Positions(batch))}). Give one number, such as superpixels:50.");
        var images = Batches.ToArray(batch);
        var (labels, players) = Perturbation.Superpixels.Of(images, (int)count[0]);
        return new(tensor(labels, [batch.shape[0], 1, .. batch.shape[2..]], device: batch.device), players);
    }

    private static Players Mask(string file, Tensor batch)
    {
        var array = Npy.Read(file);
        var positions = Positions(batch);
        if (!array.Shape.Select(size => (long)size).SequenceEqual(positions)) throw new InputException(
            $"{file} has shape ({string.Join(", ", array.Shape)}); the input's positions are ({string.Join(", ", positions)}). Expected one number for each.");
        if (array.Values.Any(value => value < 0 || value >= Most || value != Math.Floor(value)))
            throw new InputException($"{file} holds values that are no player's number. Expected whole numbers from 0 to {Most - 1}.");
        return new(Batches.ToTensor(array, batch.device.ToString()).to(ScalarType.Int64).reshape([1, 1, .. positions]), (int)array.Values.Max() + 1);
    }

    private static long[] Sizes(string setting, string text)
    {
        long[] sizes = [.. text.Split('x').Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)];
        return sizes.All(size => size is > 0 and <= Most) ? sizes : throw new InputException($"`players={setting}` cannot be read. Expected {Summary}.");
    }
}
