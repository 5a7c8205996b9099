using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Report.Tests.Synthetic;

/// <summary>Units that answer to organs and to the marker: cards, feature maps and kernels made up of the slices themselves.</summary>
internal static class SyntheticUnits
{
    private const int Units = 32;
    private const int Cards = 12;
    private const int OfACard = 6;
    private const int Side = 24;
    private const int PictureSize = 48;

    public static IEnumerable<Finding> Of(RunDirectory run, ImmutableArray<string> layers, Slice[] slices, int examples, int classes, string hostile)
    {
        if (slices.Length < OfACard) yield break;
        yield return Kernels(run, layers[0]);
        var used = new SortedSet<int>();
        foreach (var (layer, name) in layers.Index())
        {
            var cards = Enumerable.Range(0, Cards).Select(card => Card(slices, layer, card)).ToImmutableArray();
            used.UnionWith(cards.SelectMany(card => card.Samples));
            yield return new LayerUnits($"Units of {name}", new Provenance("units", ImmutableSortedDictionary<string, string>.Empty.Add("samples probed" + hostile, $"all {slices.Length}"), 7, "Bau et al., CVPR 2017"),
                name, ["threshold", "peak", "mean", "selectivity", "class"], Figures(run, layer, classes), cards, $"Units whose mean response differs most between classes come first; {Cards} of {Units} are shown{hostile}.")
            {
                Maps = Save(run, $"units/{layer:000}.cards.npy", [.. cards.SelectMany(card => card.Samples.Select(sample => Map(slices[sample], card.Unit)))]),
            };
            var shown = Enumerable.Range(0, Math.Min(examples, 4)).ToImmutableArray();
            yield return new FeatureMaps($"Feature maps of {name}", Provenance.Of("feature-maps"), name, [.. cards.Select(card => card.Unit)], shown,
                Save(run, $"units/{layer:000}.features.npy", [.. shown.SelectMany(sample => cards.Select(card => Map(slices[sample], card.Unit)))]));
        }
        yield return new ProbePictures("Pictures", Provenance.Of("units"), [.. used], Pictures(run, slices, [.. used]));
    }

    private static UnitCard Card(Slice[] slices, int layer, int card)
    {
        var samples = Enumerable.Range(0, OfACard).Select(i => (card + layer + i * 5) % slices.Length).ToImmutableArray();
        return new UnitCard((card * 5 + layer) % Units, .55f, samples, [.. samples.Select((_, i) => 1f - .05f * i)]);
    }

    private static float[] Map(Slice slice, int unit) => [.. Enumerable.Range(0, Side * Side).Select(p =>
    {
        var (x, y) = ((p % Side + .5) / Side, (p / Side + .5) / Side);
        return (float)(unit % 4 == 0 && slice.Marker >= 0 && Slice.MarkerAt(x, y) ? 1 : unit % 4 == 3 ? slice.OrganAt(x, y) - .5 : slice.OrganAt(x, y) * (.3 + .7 * Math.Abs(Math.Sin(unit + 6 * x))));
    })];

    private static ArrayFile Figures(RunDirectory run, int layer, int classes)
    {
        var figures = new NdArray(Units, 5);
        for (var unit = 0; unit < Units; unit++)
        {
            float[] row = [.55f, unit == 7 ? 0 : 1 + .02f * unit, .1f, unit == 7 ? float.NaN : (float)Math.Exp(-unit / 9.0), (unit + layer) % classes];
            row.CopyTo(figures[unit]);
        }
        Npy.Write(run.File($"units/{layer:000}.figures.npy"), figures);
        return new ArrayFile($"units/{layer:000}.figures.npy", figures.Shape);
    }

    private static ArrayFile Save(RunDirectory run, string file, float[][] maps)
    {
        Npy.Write(run.File(file), new NdArray([maps.Length, Side, Side], [.. maps.SelectMany(map => map)]));
        return new ArrayFile(file, [maps.Length, Side, Side]);
    }

    private static FirstKernels Kernels(RunDirectory run, string layer)
    {
        var weights = new NdArray(16, 1, 7, 7);
        for (var k = 0; k < 16; k++)
            for (var p = 0; p < 49; p++)
            {
                var (x, y, angle) = (p % 7 - 3, p / 7 - 3, k * Math.PI / 16);
                weights[k][p] = (float)(Math.Cos(1.2 * (x * Math.Cos(angle) + y * Math.Sin(angle)) + k) * Math.Exp(-(x * x + y * y) / 8.0));
            }
        Npy.Write(run.File("units/kernels.npy"), weights);
        return new FirstKernels($"Kernels of {layer}", Provenance.Of("kernels"), layer, new ArrayFile("units/kernels.npy", weights.Shape));
    }

    private static ThumbnailSheets Pictures(RunDirectory run, Slice[] slices, int[] samples)
    {
        const int across = 16;
        var (width, height) = (across * PictureSize, (samples.Length + across - 1) / across * PictureSize);
        var sheet = new byte[width * height];
        foreach (var (i, sample) in samples.Index())
            for (var p = 0; p < PictureSize * PictureSize; p++)
                sheet[(i / across * PictureSize + p / PictureSize) * width + i % across * PictureSize + p % PictureSize] =
                    slices[sample].Pixels[p / PictureSize * slices[sample].Size / PictureSize * slices[sample].Size + p % PictureSize * slices[sample].Size / PictureSize];
        File.WriteAllBytes(run.File("units/0000.png"), Png.Encode(width, height, 1, sheet));
        return new ThumbnailSheets(PictureSize, across, 4096, ["units/0000.png"]);
    }
}
