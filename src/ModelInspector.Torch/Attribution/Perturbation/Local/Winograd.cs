using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// A convolution with filters of 3 × 3 that step by one, from tiles of 4 × 4 to tiles of 2 × 2: four products for each output and pair of channels where there
/// would be nine, and sums before and after. Source: Lavin and Gray, Fast algorithms for convolutional neural networks, CVPR 2016, section 4.1.
/// </summary>
internal sealed class Winograd : IDisposable
{
    // With fewer channels the sums take longer than the products that they save.
    private const int LeastChannels = 256;

    private readonly Tensor filters;
    private readonly Tensor? bias;

    /// <param name="weight">(channels given, channels read, 3, 3).</param>
    /// <param name="bias">(channels given), or none.</param>
    public Winograd(Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        filters = Spread(Spread(weight.permute(2, 3, 1, 0), 0), 1).contiguous().DetachFromDisposeScope();      // (4, 4, read, given)
        this.bias = bias;
    }

    /// <summary>Whether it is worth it for a weight.</summary>
    public static bool Suits(Tensor weight) =>
        weight is { dtype: ScalarType.Float32, device_type: DeviceType.CPU } && weight.shape is [>= LeastChannels, >= LeastChannels, 3, 3];

    /// <summary>(samples, channels read, rows + 2, columns + 2) to (samples, channels given, rows, columns); rows and columns are even.</summary>
    public Tensor Of(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (samples, rows, columns) = (input.shape[0], input.shape[2], input.shape[3]);
        var positions = input.flatten(0, 1).flatten(1).t().contiguous().reshape(rows, columns, samples, -1);
        Tensor[][] products = [.. Tiles(positions, 0).Select((row, i) => Tiles(row, 1).Select((tile, j) => Product(tile, i, j)).ToArray())];
        var output = empty([(rows - 2) / 2, 2, (columns - 2) / 2, 2, samples, filters.shape[3]], input.dtype, input.device);
        var half = Enumerable.Range(0, 4).Select(j => Joined([.. products.Select(row => row[j])])).ToArray();
        for (var i = 0; i < 2; i++)
            foreach (var (j, tile) in Joined([.. half.Select(column => column[i])]).Index()) output.select(1, i).select(2, j).copy_(tile);
        return output.reshape((rows - 2) * (columns - 2), -1).t().contiguous().reshape(samples, -1, rows - 2, columns - 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => filters.Dispose();

    // The middle product is part of each of a tile's four outputs: it carries the bias.
    private Tensor Product(Tensor tile, int i, int j)
    {
        var (values, filter) = (tile.flatten(0, 2), filters[i][j]);
        var product = bias is not null && (i, j) is (1, 1) ? bias.addmm(values, filter) : values.mm(filter);
        return product.reshape([.. tile.shape[..3], -1]);
    }

    private static Tensor Spread(Tensor filter, long axis)
    {
        var (first, second, third) = (filter.select(axis, 0), filter.select(axis, 1), filter.select(axis, 2));
        var outer = first + third;
        return stack([first, (outer + second) / 2, (outer - second) / 2, third], axis);
    }

    private static Tensor[] Tiles(Tensor values, long axis)
    {
        var last = values.shape[axis] - 3;
        Tensor[] at = [.. Enumerable.Range(0, 4).Select(from => values.slice(axis, from, from + last, 2))];
        return [at[0] - at[2], at[1] + at[2], at[2] - at[1], at[1] - at[3]];
    }

    private static Tensor[] Joined(Tensor[] products) =>
        [products[0].add_(products[1]).add_(products[2]), products[1].sub_(products[2]).sub_(products[3])];
}
