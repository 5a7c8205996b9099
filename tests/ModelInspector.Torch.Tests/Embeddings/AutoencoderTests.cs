using ModelInspector.Embeddings;
using ModelInspector.Numerics;
using TorchSharp;

namespace ModelInspector.Torch.Tests.Embeddings;

public class AutoencoderTests
{
    private static readonly Autoencoder Quick = new(Hidden: 16, Depth: 1, Epochs: 40, Batch: 16);

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_another_picture()
    {
        var data = Plane(60, 8, 1);
        var once = Quick.Embed(data, Job.Quiet(3));
        var again = Quick.Embed(data, Job.Quiet(3));
        Assert.Equal(once.Points.Values, again.Points.Values);
        Assert.Equal(once.Figures, again.Figures);
        Assert.NotEqual(once.Points.Values, Quick.Embed(data, Job.Quiet(4)).Points.Values);
    }

    [Fact]
    public void Libtorchs_own_random_numbers_play_no_part()
    {
        var data = Plane(40, 6, 1);
        torch.manual_seed(1);
        var once = Quick.Embed(data, Job.Quiet(3)).Points.Values;
        torch.manual_seed(2);
        Assert.Equal(once, Quick.Embed(data, Job.Quiet(3)).Points.Values);
    }

    [Fact]
    public void Nothing_is_alive_afterwards()
    {
        var data = Plane(40, 6, 1);
        Quick.Embed(data, Job.Quiet());
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Quick.Embed(data, Job.Quiet());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_linear_autoencoder_finds_the_plane_of_the_principal_components()
    {
        var data = Plane(200, 10, 2);
        var linear = new Autoencoder(Depth: 0, Epochs: 400, Patience: 400, Batch: 50, Rate: 0.03, Validation: 0).Embed(data, Job.Quiet(1));
        var standard = Standardised(data);
        var pca = new Pca(2).Embed(standard, Job.Quiet());
        Assert.InRange(linear.Figures["reconstruction error"], 0.999 * (1 - pca.Figures["explained variance"]), 1.01 * (1 - pca.Figures["explained variance"]));
        // Every principal score is a linear combination of the two codes.
        for (var axis = 0; axis < 2; axis++) Assert.InRange(Explained(linear.Points, pca.Points, axis), 0.995, 1.0001);
    }

    [Fact]
    public void A_curve_that_two_principal_components_cannot_hold_is_restored_better()
    {
        var data = Roll(300);
        var curved = new Autoencoder(Hidden: 48, Epochs: 250, Rate: 5e-3, Batch: 32).Embed(data, Job.Quiet(2)).Figures["reconstruction error, held back"];
        var flat = 1 - new Pca(2).Embed(Standardised(data), Job.Quiet()).Figures["explained variance"];
        Assert.True(curved < 0.5 * flat, $"autoencoder {curved:0.000}, PCA {flat:0.000}");
    }

    [Fact]
    public void A_wide_bottleneck_is_laid_out_by_pca_and_says_so()
    {
        var projection = (Quick with { Bottleneck = 5 }).Embed(Plane(60, 8, 4), Job.Quiet());
        Assert.Equal(2, projection.Points.Columns);
        Assert.Contains(projection.Warnings, warning => warning.Contains("bottleneck has 5", StringComparison.Ordinal));
        Assert.InRange(projection.Figures["explained variance of the bottleneck"], 0.2, 1.0001);
    }

    [Fact]
    public void Fitted_rows_are_placed_where_they_are()
    {
        var data = Plane(50, 8, 4);
        var fitted = (Quick with { Bottleneck = 3 }).Fit(data, Job.Quiet());
        Assert.Equal(fitted.Projection.Points.Values, fitted.Place(data, Job.Quiet()).Values);
        Assert.Throws<InputException>(() => fitted.Place(new Matrix(2, 3), Job.Quiet()));
    }

    [Fact]
    public void Wide_data_are_reduced_first_and_it_says_so()
    {
        var projection = (Quick with { Columns = 4 }).Embed(Plane(60, 30, 4), Job.Quiet());
        Assert.Contains(projection.Warnings, warning => warning.StartsWith("30 columns were first reduced to 4", StringComparison.Ordinal));
        Assert.InRange(projection.Figures["explained variance of the columns kept"], 0.5, 1.0001);
    }

    [Fact]
    public void Training_stops_when_rows_held_back_no_longer_profit()
    {
        var figures = new Autoencoder(Hidden: 64, Depth: 2, Epochs: 2000, Batch: 16, Patience: 10).Embed(Noise(60, 20), Job.Quiet()).Figures;
        Assert.InRange(figures["passes"], 11, 500);
        Assert.Equal(figures["passes"], figures["best pass"] + 10);
    }

    [Fact]
    public void A_column_that_never_varies_does_no_harm()
    {
        var data = Plane(40, 5, 3);
        for (var row = 0; row < data.Rows; row++) data[row, 2] = 1234.5f;
        Assert.All(Quick.Embed(data, Job.Quiet()).Points.Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Bad_rows_are_refused_in_one_sentence()
    {
        var data = Plane(40, 5, 3);
        data[7, 1] = float.NaN;
        Assert.Contains("row 7, column 1", Assert.Throws<InputException>(() => Quick.Embed(data, Job.Quiet())).Message, StringComparison.Ordinal);
        Assert.Contains("at least 4 rows", Assert.Throws<InputException>(() => Quick.Embed(new Matrix(2, 5), Job.Quiet())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_is_honoured()
    {
        var job = Job.Quiet() with { Cancel = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => Quick.Embed(Plane(40, 5, 3), job));
    }

    [Fact]
    public void Denoising_restores_clean_rows_from_noisy_ones_better_than_plain_training()
    {
        var (clean, noise) = (Plane(400, 12, 7), Noise(400, 12));
        var standard = Standardised(clean);
        var noisy = new Matrix(400, 12, [.. standard.Values.Zip(noise.Values, (value, push) => value + 0.7f * push)]);
        double Restored(double level) => Apart(((IFittedCoder)(Quick with { Noise = level, Epochs = 80, Hidden = 32 }).Fit(standard, Job.Quiet(1))) is var fit
            ? fit.Decode(fit.Encode(noisy)) : noisy, standard);
        var (plain, denoising) = (Restored(0), Restored(0.7));
        Assert.True(denoising < 0.9 * plain, $"denoising {denoising:0.000}, plain {plain:0.000}");
    }

    [Fact]
    public void A_variational_code_is_standard_normal_where_it_is_used_and_a_large_beta_empties_it()
    {
        var data = Plane(300, 8, 3);
        var some = (Quick with { Beta = 1, Epochs = 120 }).Fit(data, Job.Quiet(1));
        Assert.InRange(some.Projection.Figures["codes in use"], 1, 2);
        var codes = ((IFittedCoder)some).Encode(data);
        for (var code = 0; code < 2; code++) Assert.InRange(codes.Values.Where((_, i) => i % 2 == code).Average(value => (double)value * value), 0, 1.6);
        Assert.Equal(0, (Quick with { Beta = 5000 }).Embed(data, Job.Quiet(1)).Figures["codes in use"]);
    }

    [Theory]
    [InlineData(2, CodeLayout.Pca, 0.0)]
    [InlineData(5, CodeLayout.Pca, 0.5)]
    [InlineData(4, CodeLayout.TSne, 0.0)]
    public void A_saved_fit_places_and_restores_at_the_same_bits(int bottleneck, CodeLayout layout, double beta)
    {
        var path = Path.GetTempFileName();
        try
        {
            var data = Plane(60, 30, 4);
            var fit = (IFittedCoder)(Quick with { Bottleneck = bottleneck, Layout = layout, Beta = beta, Columns = 10 }).Fit(data, Job.Quiet());
            fit.State.Save(path);
            var restored = (IFittedCoder)FittedState.Load(path).Restore(Catalog.Of<IEmbedding>(typeof(Autoencoder).Assembly));
            var others = Plane(9, 30, 5);
            Assert.Equal(fit.Place(others, Job.Quiet()).Values, restored.Place(others, Job.Quiet()).Values);
            Assert.Equal(fit.Decode(fit.Encode(others)).Values, restored.Decode(restored.Encode(others)).Values);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Training_leaves_the_number_of_threads_as_it_was()
    {
        var before = torch.get_num_threads();
        Quick.Embed(Plane(40, 6, 1), Job.Quiet());
        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void It_stands_in_the_catalog_with_its_defaults()
    {
        var entry = Catalog.Find(Catalog.Of<IEmbedding>(typeof(Autoencoder).Assembly), "autoencoder");
        Assert.Equal(new Autoencoder(), entry.Create<IEmbedding>(new Dictionary<string, string>()));
    }

    private static double Apart(Matrix one, Matrix other) => one.Values.Zip(other.Values, (a, b) => (double)(a - b) * (a - b)).Average();

    /// <summary>Two hidden numbers a row, mixed into the columns, and a little noise.</summary>
    private static Matrix Plane(int rows, int columns, ulong seed)
    {
        var data = new Matrix(rows, columns);
        var (hidden, mix, noise) = (new Randomness(seed, 1), new Randomness(seed, 2), new Randomness(seed, 3));
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                data[row, column] = (float)(hidden.Normal((ulong)(2 * row)) * mix.Normal((ulong)(2 * column)) * 2
                    + hidden.Normal((ulong)(2 * row + 1)) * mix.Normal((ulong)(2 * column + 1)) + 0.2 * noise.Normal((ulong)(row * columns + column)) + column);
        return data;
    }

    private static Matrix Noise(int rows, int columns)
    {
        var source = new Randomness(9);
        return new Matrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => (float)source.Normal((ulong)i))]);
    }

    /// <summary>A strip, rolled up and spread over nine columns: two numbers a row, but no flat plane holds it.</summary>
    private static Matrix Roll(int rows)
    {
        var source = new Randomness(5);
        var data = new Matrix(rows, 9);
        for (var row = 0; row < rows; row++)
        {
            var (angle, height) = (2 * Math.PI * 0.8 * source.Uniform((ulong)(2 * row)), source.Uniform((ulong)(2 * row + 1)));
            for (var column = 0; column < 9; column++)
                data[row, column] = (float)(Math.Cos(angle * (1 + column % 2) + column) + 0.8 * height * Math.Sin(column));
        }
        return data;
    }

    private static Matrix Standardised(Matrix data)
    {
        var result = new Matrix(data.Rows, data.Columns);
        for (var column = 0; column < data.Columns; column++)
        {
            var values = Enumerable.Range(0, data.Rows).Select(row => (double)data[row, column]).ToArray();
            var (mean, deviation) = (values.Average(), Math.Sqrt(values.Average(value => value * value) - values.Average() * values.Average()));
            for (var row = 0; row < data.Rows; row++) result[row, column] = (float)((values[row] - mean) / deviation);
        }
        return result;
    }

    /// <summary>Share of a score's variance that a plane of two codes explains: least squares on centred columns.</summary>
    private static double Explained(Matrix codes, Matrix scores, int axis)
    {
        var (a, b, y) = (Centred(codes, 0), Centred(codes, 1), Centred(scores, axis));
        var (aa, bb, ab, ay, by) = (Dot(a, a), Dot(b, b), Dot(a, b), Dot(a, y), Dot(b, y));
        var determinant = aa * bb - ab * ab;
        var (p, q) = ((ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant);
        return (p * ay + q * by) / Dot(y, y);
    }

    private static double[] Centred(Matrix data, int column)
    {
        var values = Enumerable.Range(0, data.Rows).Select(row => (double)data[row, column]).ToArray();
        return [.. values.Select(value => value - values.Average())];
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
