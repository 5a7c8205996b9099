using System.Collections.Immutable;
using System.CommandLine;
using ModelInspector.Activations;
using ModelInspector.Cli.Terminal;
using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Images;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>embed</c>: rows of many columns to rows of few.</summary>
internal static class EmbedVerb
{
    private const int Drawn = 16;

    public static Command Create()
    {
        var input = new Argument<string>("X") { Description = "Samples as rows: .npy (further axes are flattened) or .csv (text columns are left out)." };
        var method = new Option<string?>("--method") { Description = "Name of an embedding: pca, t-sne, … (`modelinspector methods`)." };
        var fitOn = new Option<string?>("--fit-on") { Description = "Fit on these rows and only place those of X." };
        var fitted = new Option<string?>("--fitted") { Description = "Place the rows of X by a fit that --save wrote." };
        var save = new Option<string?>("--save") { Description = "Keep the fit in this file, for --fitted." };
        var labels = new Option<string?>("--labels") { Description = "Class of each row for the scores: .npy, or .csv with a column label." };
        var supervised = new Option<bool>("--supervised") { Description = "umap: let the labels shape the map." };
        var units = new Option<bool>("--units") { Description = "One point a channel instead of one a sample: X is (samples, channels) or (samples, channels, rows, columns)." };
        var pool = Options.Choice("--pool", "What to keep of the positions of X (units: mean unless given)", Pooling.None);
        var pictures = new Option<string?>("--pictures") { Description = "Autoencoders of images: folder for restored images and what each code does." };
        var stream = new Option<bool>("--stream") { Description = "pca: leave X in its file and read it in blocks; for arrays larger than memory." };
        var quick = new Option<bool>("--no-quality") { Description = "Leave the quality scores out." };
        var (set, seed, output) = (Options.Set(), Options.Seed(), Options.Output("Where the points go: a .npy file; figures, warnings and settings go beside it as .json."));
        var verb = new Command("embed", "Embed the rows of an array.")
        {
            input, method, set, fitOn, fitted, save, labels, supervised, units, pool, pictures, stream, quick, seed, output,
        };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(parsed.GetValue(seed), cancel, job => Run(new Request(
            parsed.GetValue(input)!, parsed.GetValue(method), Options.Settings(parsed.GetValue(set)!), parsed.GetValue(fitOn), parsed.GetValue(fitted), parsed.GetValue(save),
            parsed.GetValue(labels), parsed.GetValue(supervised), parsed.GetValue(units), parsed.GetValue(pool), parsed.GetValue(pictures), parsed.GetValue(stream), !parsed.GetValue(quick), parsed.GetValue(output)!), job))));
        return verb;
    }

    private sealed record Request(
        string Input, string? Method, IReadOnlyDictionary<string, string> Settings, string? FitOn, string? Fitted, string? Save,
        string? Labels, bool Supervised, bool Units, Pooling Pool, string? Pictures, bool Stream, bool Quality, string Output)
    {
        public bool Plain => this is { FitOn: null, Fitted: null, Save: null, Labels: null, Pictures: null, Supervised: false, Units: false, Pool: Pooling.None };
    }

    private static int Run(Request request, Job job)
    {
        if ((request.Method is null) == (request.Fitted is null)) throw new UsageException("Give --method NAME to fit an embedding, or --fitted FILE to use one, one of the two.");
        if (request.Fitted is not null && request.FitOn is not null) throw new UsageException("--fitted is fitted already; give --fit-on together with --method only.");
        foreach (var file in new[] { request.Output, request.Save }.OfType<string>()) Options.Writable(file);
        if (request.Stream) return Stream(request, job);
        var table = Read(request.Input, request);
        var labels = request.Labels is null ? table.Labels : Classes(request.Labels);
        if (labels.Length > 0 && labels.Length != table.Values.Rows)
            throw new InputException($"{request.Labels ?? request.Input} has {labels.Length} labels for {table.Values.Rows} rows; give one a row.");
        var (fit, projection) = Map(request, table, labels, job);
        Npy.Write(request.Output, projection.Points);
        var scores = request.Quality ? new EmbeddingQuality().Measure(table.Values, projection.Points, labels.AsSpan(), job) : null;
        var figures = scores is null ? projection.Figures : projection.Figures.SetItems(scores.Figures);
        MapFile.Write(request.Output, fit?.State.Method ?? request.Method!, fit?.State.Settings, job.Seed, figures, scores, projection.Warnings);
        if (request.Save is not null) (fit ?? throw new InputException($"{request.Method} cannot place new rows, so there is nothing to save.")).State.Save(request.Save);
        if (request.Pictures is not null) Draw(request.Pictures, fit, table);
        Say(figures, projection.Warnings);
        if (table.LeftOut.Length > 0) System.Console.WriteLine($"Note: {request.Input}: the columns {string.Join(", ", table.LeftOut.Take(8))} hold text and are left out.");
        return 0;
    }

    private static int Stream(Request request, Job job)
    {
        if (!request.Plain) throw new UsageException("--stream reads rows in blocks and knows nothing else of them; give it with --method, --set, --seed and -o only.");
        var entry = Catalog.Find(Methods.Embeddings, request.Method!);
        if (entry.Create<IEmbedding>(request.Settings) is not Pca pca) throw new InputException($"{request.Method} needs all rows in memory; only pca can --stream.");
        using var rows = NpyRows.Open(request.Input);
        var model = StreamedPca.Fit(pca, rows, job);
        using (var scores = NpyWriter.Create(request.Output, [model.Components.Rows]))
        {
            StreamedPca.Place(model, rows, scores, job);
            scores.Complete();
        }
        MapFile.Write(request.Output, entry.Name, entry.Describe(pca), job.Seed, model.Figures, null, []);
        Say(model.Figures, ["The quality of the map was not measured: that needs the rows in memory."]);
        return 0;
    }

    private static void Say(IEnumerable<KeyValuePair<string, double>> figures, ImmutableArray<string> warnings)
    {
        foreach (var (name, value) in figures) System.Console.WriteLine(FormattableString.Invariant($"{name}: {value:G5}"));
        foreach (var warning in warnings) System.Console.WriteLine($"Note: {warning}");
    }

    private static (IFittedEmbedding? Fit, Projection Map) Map(Request request, NumberTable table, ImmutableArray<int> labels, Job job)
    {
        var embedding = request.Method is null ? null : Catalog.Find(Methods.Embeddings, request.Method).Create<IEmbedding>(request.Settings);
        if (request.Supervised && embedding is not Umap) throw new InputException($"{request.Method ?? "A fit"} is not supervised; only umap takes labels.");
        if (request.Pictures is not null && embedding is not (null or Autoencoder or ConvolutionalAutoencoder)) throw Undrawable();
        if (request.Pictures is not null && table.Shape.Length is < 2 or > 3) throw Undrawable();
        if (embedding is IImageEmbedding images) embedding = images.For(table.Shape);
        if (request.FitOn is not null) return Placed(Fittable(embedding!, request).Fit(Background(request.FitOn, request, table), job), table, job);
        if (request.Fitted is not null) return Placed(FittedState.Load(request.Fitted).Restore(Methods.Embeddings), table, job);
        if (embedding is Umap umap && request.Supervised) return Whole(umap.Fit(table.Values, labels.AsSpan(), job));
        return embedding is IFittableEmbedding fittable ? Whole(fittable.Fit(table.Values, job)) : (null, embedding!.Embed(table.Values, job));
    }

    private static Matrix Background(string path, Request request, NumberTable table)
    {
        var rows = Read(path, request).Values;
        return rows.Columns == table.Values.Columns ? rows
            : throw new InputException($"{request.Input} has {table.Values.Columns} columns, {path} has {rows.Columns} columns; expected as many, so that what is fitted to the one can place the other.");
    }

    private static (IFittedEmbedding? Fit, Projection Map) Whole(IFittedEmbedding fit) => (fit, fit.Projection);

    private static (IFittedEmbedding? Fit, Projection Map) Placed(IFittedEmbedding fit, NumberTable table, Job job) =>
        (fit, fit.Projection with { Points = fit.Place(table.Values, job) });

    private static IFittableEmbedding Fittable(IEmbedding embedding, Request request) => embedding as IFittableEmbedding
        ?? throw new InputException($"{request.Method} cannot place new rows. Give --fit-on with {string.Join(", ", Methods.Embeddings.Where(entry => typeof(IFittableEmbedding).IsAssignableFrom(entry.Type)).Select(entry => entry.Name))}.");

    private static NumberTable Read(string path, Request request)
    {
        if (request is { Units: false, Pool: Pooling.None }) return NumberTable.Read(path);
        var array = Npy.Read(path).Pool(request is { Units: true, Pool: Pooling.None } ? Pooling.Mean : request.Pool);
        var rows = new Matrix(array.Shape[0], array.Stride, array.Values);
        return request.Units ? new(UnitResponses.Of(rows).Rows, [rows.Rows], [], []) : new(rows, array.Shape[1..], [], []);
    }

    private static ImmutableArray<int> Classes(string path)
    {
        var table = NumberTable.Read(path);
        return table.Labels.Length > 0 ? table.Labels : table.Values.Columns == 1 ? [.. table.Values.Values.Select(value => (int)value)]
            : throw new InputException($"{path} has {table.Values.Columns} columns and none is called label; expected one class a row.");
    }

    private static InputException Undrawable() => new("--pictures needs an autoencoder and X as images: (samples, rows, columns) or (samples, channels, rows, columns).");

    private static void Draw(string folder, IFittedEmbedding? fit, NumberTable table)
    {
        if (fit is not IFittedCoder coder) throw Undrawable();
        var drawing = new CodePictures(coder, table.Shape.Length == 3 ? table.Shape[0] : 1, table.Shape[^2], table.Shape[^1]);
        var codec = new OpenCvImageCodec();
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "reconstructions.png"), codec.EncodePng(drawing.Reconstructions(table.Values, Drawn, out _)));
        File.WriteAllBytes(Path.Combine(folder, "traversal.png"), codec.EncodePng(drawing.Traversal(table.Values)));
    }
}
