using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Maps that know nothing of the network: what a score must beat before it means anything.</summary>
public static class ControlMaps
{
    /// <summary>Uniform noise between 0 and 1, each position on its own.</summary>
    /// <param name="shape">Shape of the map.</param>
    /// <param name="seed">Same seed, same bits.</param>
    /// <param name="image">Number of the image: another number, another map.</param>
    public static NdArray Random(ImmutableArray<int> shape, ulong seed, int image)
    {
        var map = new NdArray(shape);
        var random = new Randomness(seed, 0xC0117801UL + (ulong)image);
        for (var i = 0; i < map.Values.Length; i++) map.Values[i] = (float)random.Uniform((ulong)i);
        return map;
    }

    /// <summary>
    /// Edges of an image (H, W) or (D, H, W): the length of the Sobel gradient, borders repeated. Source: Sobel and Feldman 1968, as in Duda and Hart 1973.
    /// </summary>
    public static NdArray Edges(NdArray image)
    {
        var squares = new double[image.Values.Length];
        for (var axis = 0; axis < image.Shape.Length; axis++)
        {
            var slope = Derivative(image, axis);
            for (var i = 0; i < squares.Length; i++) squares[i] += (double)slope.Values[i] * slope.Values[i];
        }
        return new NdArray(image.Shape, [.. squares.Select(square => (float)Math.Sqrt(square))]);
    }

    // (−1, 0, 1) along one axis, (1, 2, 1) along the others.
    private static NdArray Derivative(NdArray image, int along)
    {
        for (var axis = 0; axis < image.Shape.Length; axis++)
            image = axis == along ? Along(image, axis, -1, 0) : Along(image, axis, 1, 2);
        return image;
    }

    private static NdArray Along(NdArray image, int axis, float before, float middle)
    {
        var result = new NdArray(image.Shape);
        var (size, step) = (image.Shape[axis], image.Shape.Skip(axis + 1).Aggregate(1, (product, length) => product * length));
        for (var i = 0; i < result.Values.Length; i++)
        {
            var place = i / step % size;
            var (previous, next) = (place > 0 ? i - step : i, place < size - 1 ? i + step : i);
            result.Values[i] = before * image.Values[previous] + middle * image.Values[i] + image.Values[next];
        }
        return result;
    }
}
